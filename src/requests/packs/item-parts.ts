import { quoteText } from "../../engine/sql.ts";
import type { ItemPart } from "../../foundation/types/index.ts";
import type { Prompt } from "../../prompt/prompt.ts";
import type { TemplatePart } from "../../prompt/template.ts";

/** What stands between the part of a function's prompt that all rows share and a row's own. */
export const sharedEnd = "\n\n";

/** The member that has a row's own text, where a function makes it. */
const functionCell = "text";

/** The member that has a placeholder's cell; the whole row under a name that no column has by accident. */
export const nameOfCell = (part: Exclude<TemplatePart, { kind: "text" }>): string =>
  part.kind === "row" ? "row as JSON" : part.name;

/**
 * A prompt as what all rows share and what each has of its own.
 * @returns undefined where the prompt does not say: a function without `shared`, and ready bodies
 */
export function findItemParts(prompt: Prompt): readonly ItemPart[] | undefined {
  if (prompt.kind === "raw") return undefined;
  if (prompt.kind === "function") {
    const { shared } = prompt;
    if (shared === undefined) return undefined;
    return [
      { kind: "text", text: `${shared}${sharedEnd}` },
      { kind: "cell", name: functionCell },
    ];
  }
  return prompt.parts.map((part) =>
    part.kind === "text" ? { kind: "text", text: part.text } : { kind: "cell", name: nameOfCell(part) },
  );
}

/** The names of the cells, each once, in their order. */
export const cellNames = (parts: readonly ItemPart[]): string[] => [
  ...new Set(parts.flatMap((part) => (part.kind === "cell" ? [part.name] : []))),
];

/** What a row has of its own, as SQL that makes JSON of it. @param cells the names of the members, with the texts as SQL */
export function itemSql(cells: ReadonlyMap<string, string>): string {
  const members = [...cells].map(
    ([name, text]) => `${quoteText(`${JSON.stringify(name)}:`)}, to_json(${text})::VARCHAR`,
  );
  return `concat('{', ${members.join(", ',', ")}, '}')`;
}

/** The item of a row whose prompt a function made, as SQL of the whole text. */
export function functionItemSql(text: string, [first]: readonly ItemPart[]): string {
  const shared = first?.kind === "text" ? [...first.text].length : 0;
  return itemSql(new Map([[functionCell, `substring(${text}, ${shared + 1})`]]));
}

/** The text of a row that is asked alone, as SQL of its item: the same bytes as the prompt gives. */
export function itemTextSql(item: string, parts: readonly ItemPart[]): string {
  const pieces = parts.map((part) =>
    part.kind === "text"
      ? quoteText(part.text)
      : `coalesce(json_extract_string(${item}, ${quoteText(toPointer(part.name))}), '')`,
  );
  return `concat(${pieces.join(", ")})`;
}

const toPointer = (name: string): string => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** The same in JavaScript. */
export function readItemText(item: string, parts: readonly ItemPart[]): string {
  const cells = JSON.parse(item) as Readonly<Record<string, string>>;
  return parts.map((part) => (part.kind === "text" ? part.text : (cells[part.name] ?? ""))).join("");
}

import { HalfpriceError } from "../foundation/errors/index.ts";
import type { MediaKind } from "../foundation/types/index.ts";

/** A piece of a template: text as it is, a cell, a file that a cell names or is, or the whole row as JSON. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "column"; readonly name: string; readonly line: number }
  | { readonly kind: "media"; readonly media: MediaKind; readonly name: string; readonly line: number }
  | { readonly kind: "row" };

/**
 * Takes a template apart. `{{column}}` is a cell, `{{ "odd name" }}` one with any name, `{{row}}` the whole row as JSON,
 * `{{image:column}}` and `{{document:column}}` the file that a cell names or is, `\{{` two literal braces, `\\{{column}}` a backslash and a cell.
 * @param firstLine the line of the file on which the template begins, for errors
 * @throws BAD_PROMPT
 */
export function parseTemplate(template: string, path: string, firstLine = 1): TemplatePart[] {
  const parts: TemplatePart[] = [];
  const pushText = (text: string): void => {
    const last = parts.at(-1);
    if (text === "") return;
    if (last?.kind === "text") parts[parts.length - 1] = { kind: "text", text: last.text + text };
    else parts.push({ kind: "text", text });
  };
  const fail = (at: number, problem: string, fix: string): never => {
    const line = firstLine + (template.slice(0, at).match(/\n/g)?.length ?? 0);
    throw new HalfpriceError("BAD_PROMPT", { path, line, problem, fix });
  };
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf("{{", at);
    if (open === -1) break;
    const isBackslashMeant = template[open - 1] === "\\" && template[open - 2] === "\\";
    if (template[open - 1] === "\\" && !isBackslashMeant) {
      pushText(`${template.slice(at, open - 1)}{{`);
      at = open + 2;
      continue;
    }
    pushText(template.slice(at, isBackslashMeant ? open - 1 : open));
    const close = findClose(template, open + 2);
    if (close === -1) fail(open, "{{ is never closed", "close it with }}, or write \\{{ for two literal braces");
    const inner = template.slice(open + 2, close).trim();
    const line = firstLine + (template.slice(0, open).match(/\n/g)?.length ?? 0);
    if (/^[#/^>!&]/.test(inner)) {
      fail(
        open,
        `{{${inner}}} would be logic, which a prompt file does not have`,
        "write \\{{ for two literal braces; for logic, write the prompt as a function in a .ts spec: prompt: (row) => …",
      );
    }
    const [, media, named = inner] = /^(image|document)\s*:\s*(.*)$/s.exec(inner) ?? [];
    const name = readName(named);
    if (name !== undefined && media !== undefined) parts.push({ kind: "media", media: media as MediaKind, name, line });
    else if (inner === "row") parts.push({ kind: "row" });
    else if (name !== undefined) parts.push({ kind: "column", name, line });
    else
      fail(
        open,
        `{{${inner}}} names no column`,
        `write {{ ${JSON.stringify(inner)} }} for a column of that name, or \\{{ for two literal braces`,
      );
    at = close + 2;
  }
  pushText(template.slice(at));
  return parts;
}

/** The column that a placeholder names: as it stands, or in quotes; undefined where it is no name. */
function readName(text: string): string | undefined {
  if (/^"((?:[^"\\]|\\.)*)"$/.test(text)) return JSON.parse(text) as string;
  return /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.\- ]*$/u.test(text) ? text : undefined;
}

/** The `}}` that closes a placeholder: not one inside a quoted name. */
function findClose(template: string, from: number): number {
  const quoted = /^\s*(?:(?:image|document)\s*:\s*)?"(?:[^"\\\n]|\\.)*"\s*/.exec(template.slice(from));
  return template.indexOf("}}", from + (quoted?.[0].length ?? 0));
}

import { basename } from "node:path";
import type { Prompt } from "../../prompt/prompt.ts";

/** Words of a prompt on the line that its run is called by. */
const namedWords = 3;
const mostLetters = 60;

/** A name without folders and endings: `data/reviews.csv.gz` → `reviews`. */
const baseOf = (path: string): string =>
  path === "-" ? "stdin" : basename(path.replace(/^run:/, "")).replace(/(?<=.)(\.[a-z]+)+$/i, "");

/** What a run is called that nobody gave a name: the table and the prompt, `reviews-sentiment`. */
export function nameRun(table: string, prompt: Prompt): string {
  const own = baseOf(table);
  // The text of a program's function says nothing to a reader.
  return prompt.kind === "function" && prompt.isClosure === true ? own : nameWith(own, prompt);
}

function nameWith(own: string, { kind, source, text }: Prompt): string {
  const isFile = kind !== "raw" && source !== "--prompt" && /\.[a-z]+$/i.test(source);
  const prompt = kind === "raw" ? "" : isFile ? baseOf(source) : firstWords(text);
  return (prompt === "" || prompt === own ? own : `${own}-${prompt}`).slice(0, mostLetters).replace(/-+$/, "");
}

function firstWords(text: string): string {
  const words =
    text
      .replace(/\{\{.*?\}\}/gs, " ")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, namedWords).join("-");
}

import type { Terminal } from "../terminal.ts";
import { sayJson } from "./json-document.ts";

/** What a command says with `--json`: one document at its end. */
export function printJson(terminal: Terminal, value: unknown): void {
  const text = sayJson(value);
  if (text !== undefined) terminal.print(text);
}

import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeFolder } from "./folder.ts";

/** A folder of its own with the inputs of a reported fault (`test/fixtures/cases/`). */
export function openCase(name: string): string {
  const folder = makeFolder();
  cpSync(fileURLToPath(new URL(`../fixtures/cases/${name}`, import.meta.url)), folder, { recursive: true });
  return folder;
}

/** Options of a plan, try or run that needs no account and no job. */
export const localArgs: readonly string[] = [
  ...["--model", "claude-haiku-4.5", "--local"],
  ...["--below-minimum", "on-demand"],
];

import { cpSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeFolder } from "./folder.ts";

/** A file of a reported fault. */
export const readCase = (name: string, file: string): string =>
  readFileSync(fileURLToPath(new URL(`../fixtures/cases/${name}/${file}`, import.meta.url)), "utf8");

/** The inputs of a reported fault (`test/fixtures/cases/`), in a folder of their own or in one that is there. */
export function openCase(name: string, folder: string = makeFolder()): string {
  cpSync(fileURLToPath(new URL(`../fixtures/cases/${name}`, import.meta.url)), folder, { recursive: true });
  return folder;
}

/** Options of a plan, try or run that needs no account and no job. */
export const localArgs: readonly string[] = [
  ...["--model", "claude-haiku-4.5", "--local"],
  ...["--below-minimum", "on-demand"],
];

import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Config } from "../config/read-config.ts";
import { lookAtRuns } from "../ledger/look-at-runs.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import { readRuns } from "../ledger/runs.ts";
import { findOwner } from "../local/data-dir.ts";
import { filesOf } from "./files/shared-workspace.ts";

/** A file or folder that stays after a clean-up. */
export interface Remains {
  /** Below the workspace, or the path of a file of the user's. */
  readonly name: string;
  readonly sizeBytes: number;
  /** What it is, and why it stays. */
  readonly about: string;
}

/** What files of a workspace are for, by the start of their names. */
const abouts: readonly (readonly [start: string, about: string])[] = [
  ["ledger.db", "what every run was and what it has cost"],
  ["runs", "of each run what was asked and planned, and what was left alone"],
  ["local", "the data of the local service"],
  ["models.json", "what models --refresh has read"],
  ["setup.json", "what setup has made in the account"],
  [".gitignore", "keeps the workspace out of Git"],
];

/** What a workspace still has, and the files that runs have written for the user. */
export async function listRemains({ workspace }: Pick<Config, "workspace">, ledger: Ledger): Promise<Remains[]> {
  const sizes = new Map<string, number>(existsSync(join(workspace, "local")) ? [["local", 0]] : []);
  for (const { path, sizeBytes } of await filesOf(workspace).list("")) {
    const [name = ""] = path.split("/");
    sizes.set(name, (sizes.get(name) ?? 0) + sizeBytes);
  }
  const own = [...sizes.keys()].sort().map((name) => ({
    name,
    sizeBytes: sizes.get(name) ?? 0,
    about: abouts.find(([start]) => name.startsWith(start))?.[1] ?? "not made by halfprice",
  }));
  const outputs = [...new Set(readRuns(ledger).flatMap(({ outputPath }) => outputPath ?? []))];
  const written = outputs
    .filter((path) => existsSync(path))
    .map((path) => ({ name: resolve(path), sizeBytes: sizeOf(path), about: "a table that a run has written for you" }));
  return [...own.filter(({ sizeBytes, name }) => sizeBytes > 0 || name === "local"), ...written];
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory()) return found?.size ?? 0;
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .reduce(
      (sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}

/**
 * Removes the data of the workspace's own local service, where nobody serves them and no run on it is under way: objects are gone by
 * then, but journals and deleted bytes would stay.
 * @returns whether they are gone
 */
export async function removeLocalData({ workspace }: Pick<Config, "workspace">, ledger: Ledger): Promise<boolean> {
  const dataDir = join(workspace, "local");
  if (!existsSync(dataDir)) return false;
  const isUnderWay = readRuns(ledger).some(
    ({ id, origin }) => origin.kind === "local" && lookAtRuns(ledger, origin).get(id)?.isUnderWay !== false,
  );
  if (isUnderWay || (await findOwner(dataDir)) !== undefined) return false;
  rmSync(dataDir, { recursive: true, force: true });
  return true;
}

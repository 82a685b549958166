import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isLoopback } from "../aws/is-loopback.ts";
import type { Config } from "../config/read-config.ts";
import { commitText } from "../foundation/commit-file.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Origin } from "../foundation/types/index.ts";
import { parseRegionReading, type RegionReading } from "../models/region-reading.ts";

/** What is in `models.json`: what was read of each region. What the local service says never serves AWS. */
interface ReadingsFile {
  readonly version: 1;
  readonly aws: Readonly<Record<string, RegionReading>>;
  readonly local: Readonly<Record<string, RegionReading>>;
}

const emptyFile: ReadingsFile = { version: 1, aws: {}, local: {} };

/** The file of a workspace that `halfprice models --refresh` writes. */
export const readingsPath = (workspace: string): string => join(workspace, "models.json");

/** What was read of the models of a region, where it was. @throws UNREADABLE_FILE where the file is not ours or broken */
export function findReading(
  workspace: string,
  { kind, region }: Pick<Origin, "kind" | "region">,
): RegionReading | undefined {
  const found: unknown = readReadings(workspace)[kind][region];
  if (found === undefined) return undefined;
  return parseRegionReading(found) ?? refuse(readingsPath(workspace), `its reading of ${region} is not whole`);
}

/** Keeps a reading in the place of the region's last one. */
export function recordReading(
  workspace: string,
  { kind, region }: Pick<Origin, "kind" | "region">,
  reading: RegionReading,
): void {
  const file = readReadings(workspace);
  const next: ReadingsFile = { ...file, [kind]: { ...file[kind], [region]: reading } };
  commitText(readingsPath(workspace), `${JSON.stringify(next, null, 2)}\n`);
}

/** Whose readings a command goes by that asks nobody: those of the endpoint that it would ask. */
export function guessOriginKind({ endpointUrl }: Config, environment: NodeJS.ProcessEnv): Origin["kind"] {
  const endpoint = endpointUrl ?? environment["AWS_ENDPOINT_URL"];
  const host = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
  return isLoopback(host) ? "local" : "aws";
}

function readReadings(workspace: string): ReadingsFile {
  const path = readingsPath(workspace);
  if (!existsSync(path)) return emptyFile;
  let file: Partial<ReadingsFile> | null;
  try {
    file = JSON.parse(readFileSync(path, "utf8")) as Partial<ReadingsFile> | null;
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(path, "it is not JSON", error);
    throw error;
  }
  if (file?.version !== 1) return refuse(path, "it was not written by this version of halfprice");
  return { ...emptyFile, ...file };
}

function refuse(path: string, reason: string, cause?: Error): never {
  const fix = `rm ${path}; halfprice models --refresh reads the models again`;
  throw new HalfpriceError("UNREADABLE_FILE", { path, reason, fix }, { cause });
}

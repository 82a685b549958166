import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import type { AnswerShape } from "../../models/family.ts";
import { makeKey } from "../../requests/packs/pack-request.ts";
import { recordFiles } from "../../requests/record-files.ts";
import type { JoinedShard } from "../../results/cut-parts.ts";
import { makeUnpackedShape, unpackAnswers } from "../../results/packs/unpack-answers.ts";
import type { CountedLines } from "../../results/resent-answers.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import type { RunPaths } from "../../workspace/run-folder.ts";

/** The answers of a packed run, row by row. */
export interface UnpackedShards {
  /** How they are written. */
  readonly shape: AnswerShape;
  readonly shards: readonly JoinedShard[];
  /** What the requests came to, as the service counts them. */
  readonly lines: readonly CountedLines[];
  readonly remove: () => void;
}

/** Takes the answers of a packed run apart, for the join; undefined where each row was asked alone. */
export async function unpackShards(
  engine: Engine,
  { pack }: RunFile,
  shape: AnswerShape,
  planned: readonly JoinedShard[],
  paths: RunPaths,
): Promise<UnpackedShards | undefined> {
  if (pack === undefined || pack.rowsPerRequest === 1) return undefined;
  const folder = join(paths.directory, "unpacked");
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  remove();
  mkdirSync(folder, { recursive: true });
  const { keyName, answerName } = pack;
  const shards: JoinedShard[] = [];
  const lines: CountedLines[] = [];
  for (const { shard, files, price } of planned) {
    const target = join(folder, `${shard.index}.jsonl`);
    const from = { files, price, index: shard.index, target, packsFile: join(paths.directory, recordFiles.packs) };
    lines.push(await unpackAnswers({ engine, shape, form: { keyName, answerName }, keyOf: makeKey, ...from }));
    // These lines repeat no request: all of their bytes are answers.
    const unpacked = { ...shard, sizeBytes: 0, recordCount: 0 };
    shards.push({ shard: unpacked, files: statSync(target).size > 0 ? [target] : [], price });
  }
  return { shape: makeUnpackedShape(shape), shards, lines, remove };
}

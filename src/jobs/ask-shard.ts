import { existsSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { ModelService } from "../aws/bedrock-runtime.ts";
import { readShards, recordAnswered, recordAsking, type ShardRow } from "../ledger/shards.ts";
import { readOwnOutputId } from "../lines/line-format.ts";
import { openAnswerFile } from "./answer-file.ts";
import { askRecords } from "./ask-records.ts";
import type { Clients, JobRun } from "./job-run.ts";
import { readLines, readRecords } from "./record-lines.ts";

/** So long a pass asks at a time: then jobs are looked at, a stop is heeded, and the next pass goes on. */
const passMs = 20_000;

/** Where the answers of a shard on demand are, below the run's directory. */
export function onDemandFile({ round, index }: Pick<ShardRow, "round" | "index">): string {
  return join("output", "on-demand", `round-${round}-${index}.jsonl.out`);
}

/**
 * Asks what goes on demand, for a while. Announced in the ledger first; each answer is on disk before the next takes its
 * place, and an answer on disk is not asked again: a killed process loses what it was just being told, and no more.
 * @param only the one shard that is asked; all where it is left out
 * @returns whether records are left that could be asked at once
 * @throws NO_CREDENTIALS, CREDENTIALS_REFUSED, UNREACHABLE, SERVICE_REFUSED
 */
export async function askShards(run: JobRun, clients: Clients, only?: number): Promise<boolean> {
  const { ledger, nowMs, openModels } = clients;
  const shards = readShards(ledger, run.runId).filter(
    ({ lane, state, closed, index }) =>
      lane === "on_demand" &&
      closed === undefined &&
      (state === "waiting" || state === "asking") &&
      (only === undefined || index === only),
  );
  if (shards.length === 0) return false;
  const untilMs = nowMs() + passMs;
  const models = openModels();
  for (const shard of shards) {
    const end = await askShard(run, clients, models, shard, () => nowMs() >= untilMs);
    if (end !== "done") return end === "over";
  }
  return false;
}

async function askShard(
  run: JobRun,
  { ledger, lines, publish, nowMs, onProgress }: Clients,
  models: ModelService,
  shard: ShardRow,
  isOver: () => boolean,
): Promise<"done" | "over" | "throttled"> {
  await recordAsking(ledger, run.runId, shard.index, nowMs());
  const path = join(run.directory, onDemandFile(shard));
  const answered = await readAnswered(path);
  const shards = readShards(ledger, run.runId);
  const tell = (): void => onProgress({ shards, asked: { index: shard.index, answeredCount: answered.size } });
  const input = { ...(await lines(run).open(shard)), sizeBytes: shard.sizeBytes };
  const file = openAnswerFile(path);
  try {
    tell();
    const end = await askRecords(
      readRecords(input, (recordId) => !answered.has(recordId)),
      {
        ask: (body) =>
          run.invocation === "Converse" ? models.converse(run.modelId, body) : models.invoke(run.modelId, body),
        async onLine(line) {
          await file.append(line);
          answered.add(readOwnOutputId(line));
          tell();
        },
        isOver,
      },
    );
    await publish(run, onDemandFile(shard));
    if (end === "done") await recordAnswered(ledger, run.runId, shard.index, nowMs());
    return end;
  } finally {
    file.close();
  }
}

/** The records that have a whole line on disk. A last line that was torn goes: its record is asked again. */
async function readAnswered(path: string): Promise<Set<string>> {
  const answered = new Set<string>();
  if (!existsSync(path)) return answered;
  let wholeBytes = 0;
  const sizeBytes = statSync(path).size;
  for await (const line of readLines({ path, fromByte: 0, sizeBytes })) {
    wholeBytes += line.length + 1;
    const recordId = readOwnOutputId(line.toString("latin1"));
    if (recordId !== "") answered.add(recordId);
  }
  if (wholeBytes < sizeBytes) truncateSync(path, wholeBytes);
  return answered;
}

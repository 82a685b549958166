import type { BatchAnswers } from "../../client-batches/batch-answers.ts";
import { EndCounter } from "../../client-batches/count-ends.ts";
import type { ClientBatch, EndCounts, LineAnswer } from "../../client-batches/types.ts";
import type { ServeContext } from "../serve-context.ts";
import { translateAnswers } from "../translate-answers.ts";
import { type BatchRecord, findRecord, writeRecord } from "./batch-record.ts";
import { makeCompletionSql } from "./completion-sql.ts";
import { keepFile, LineSink, removeFile } from "./stored-files.ts";
import { addUsage, translateResult } from "./translate-results.ts";

/**
 * Writes the output and the error file of a batch that ends, each only where it has a line. Done again, it gives the same files.
 * @returns how the requests ended
 */
export async function writeOutput(
  { workspace, nowMs, translators }: Pick<ServeContext, "workspace" | "nowMs" | "translators">,
  batch: ClientBatch,
  answers: BatchAnswers,
): Promise<EndCounts> {
  const record = findRecord(workspace, batch.id);
  if (record === undefined) throw new Error(`there is no record of ${batch.id}`);
  const nowSeconds = Math.floor(nowMs() / 1000);
  await writeRecord(workspace, { ...record, finalizingAt: record.finalizingAt ?? nowSeconds });
  const name = batch.id.slice("batch_".length);
  const outputs = { output: `file-out${name}`, error: `file-err${name}` };
  const sinks = {
    output: await LineSink.open(workspace, outputs.output),
    error: await LineSink.open(workspace, outputs.error),
  };
  let translated;
  try {
    translated = await translateAll({ translators, record, nowSeconds }, answers, sinks);
  } finally {
    for (const sink of Object.values(sinks)) await sink.close();
  }
  const { counts, usage } = translated;
  const expiresAt =
    record.outputExpiresSeconds === undefined ? {} : { expiresAt: nowSeconds + record.outputExpiresSeconds };
  for (const kind of ["output", "error"] as const) {
    const bytes = sinks[kind].bytes;
    const id = outputs[kind];
    const filename = `${batch.id}_${kind}.jsonl`;
    if (bytes === 0) await removeFile(workspace, id);
    else
      await keepFile(workspace, { id, bytes, createdAt: nowSeconds, filename, purpose: "batch_output", ...expiresAt });
  }
  await writeRecord(workspace, {
    ...record,
    finalizingAt: record.finalizingAt ?? nowSeconds,
    ...(sinks.output.bytes === 0 ? {} : { outputFileId: outputs.output }),
    ...(sinks.error.bytes === 0 ? {} : { errorFileId: outputs.error }),
    usage,
  });
  return counts;
}

/** Translates answers into the files: plain ones in the engine, the others block by block, in the order of the blocks. */
async function translateAll(
  {
    translators,
    record: { endpoint },
    nowSeconds: createdAt,
  }: Pick<ServeContext, "translators"> & { readonly record: BatchRecord; readonly nowSeconds: number },
  answers: BatchAnswers,
  sinks: { readonly [Kind in "output" | "error"]: LineSink },
): Promise<{ readonly counts: EndCounts; readonly usage: NonNullable<BatchRecord["usage"]> }> {
  const joiner = new PartJoiner();
  const counter = new EndCounter();
  const usage = { inputTokens: 0, outputTokens: 0 };
  const plain = answers.readPlain((group) => makeCompletionSql(group, endpoint, createdAt));
  for await (const { requestCount, writeTo, ...tokens } of plain) {
    await sinks.output.take(writeTo);
    counter.merge({ succeeded: requestCount, failed: 0, cancelled: 0, expired: 0 });
    usage.inputTokens += tokens.inputTokens;
    usage.outputTokens += tokens.outputTokens;
  }
  const translated = translateAnswers(translators, answers.blocks(), (block, omitted) =>
    translators.run("results", { block, endpoint, createdAt, omitted }),
  );
  for await (const results of translated) {
    counter.merge(results.counts);
    usage.inputTokens += results.usage.inputTokens;
    usage.outputTokens += results.usage.outputTokens;
    for (const kind of ["output", "error"] as const) await sinks[kind].write(results[kind]);
    for (const part of results.parts) {
      counter.add(part);
      const whole = joiner.add(part);
      if (whole === undefined) continue;
      const [kind, line] = translateResult(whole, endpoint, createdAt);
      addUsage(usage, line);
      await sinks[kind].add(line);
    }
  }
  return { counts: counter.counts, usage };
}

/** Puts the lines of requests that became several together. They come one after the other, or nearly so. */
class PartJoiner {
  readonly #open = new Map<number, LineAnswer[]>();

  /** @returns the whole request, in order, with its last line */
  add(line: LineAnswer): readonly LineAnswer[] | undefined {
    const own = [...(this.#open.get(line.n) ?? []), line];
    this.#open.set(line.n, own);
    if (own.length < line.parts) return undefined;
    this.#open.delete(line.n);
    return own.sort((one, other) => one.part - other.part);
  }
}

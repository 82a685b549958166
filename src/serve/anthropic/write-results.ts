import { createWriteStream, renameSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type AnswerBlock, type BatchAnswers, RepeatFinder } from "../../client-batches/batch-answers.ts";
import { batchFolder } from "../../client-batches/client-batch.ts";
import { EndCounter } from "../../client-batches/count-ends.ts";
import type { ClientBatch, EndCounts } from "../../client-batches/types.ts";
import { syncFolder } from "../../foundation/commit-file.ts";
import type { ServeContext } from "../serve-context.ts";
import { resultsPath } from "./routes.ts";
import type { MessagesTask } from "./translate-results.ts";

/** Writes the results of a batch that ends. Done again, it gives the same. @returns how the requests ended */
export async function writeResults(
  { workspace, translators }: Pick<ServeContext, "workspace" | "translators">,
  batch: ClientBatch,
  answers: BatchAnswers,
): Promise<EndCounts> {
  const path = resultsPath(workspace, batch.id);
  const counter = new EndCounter();
  await pipeline(
    Readable.from(translateAll(translators, answers.blocks(), counter), { objectMode: false }),
    createWriteStream(`${path}.tmp`, { mode: 0o600, flush: true }),
  );
  renameSync(`${path}.tmp`, path);
  syncFolder(batchFolder(workspace, batch.id));
  return counter.counts;
}

async function* translateAll(
  translators: ServeContext["translators"],
  answers: AsyncIterable<AnswerBlock>,
  counter: EndCounter,
): AsyncGenerator<Uint8Array> {
  const repeats = new RepeatFinder();
  const translate = async (block: AnswerBlock, leftOut: MessagesTask["leftOut"] = new Set()) => ({
    block,
    messages: await translators.run("messages", { block, leftOut }),
  });
  for await (const { block, messages: first } of translators.map(answers, (each) => translate(each))) {
    const repeated = repeats.find(block, first.rows);
    const { messages } = repeated.size === 0 ? { messages: first } : await translate(block, repeated);
    counter.merge(messages.counts);
    yield messages.lines;
  }
}

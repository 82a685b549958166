import { createWriteStream, renameSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AnswerBlock, BatchAnswers } from "../../client-batches/batch-answers.ts";
import { batchFolder } from "../../client-batches/client-batch.ts";
import { EndCounter } from "../../client-batches/count-ends.ts";
import type { ClientBatch, EndCounts } from "../../client-batches/types.ts";
import { syncFolder } from "../../foundation/commit-file.ts";
import type { ServeContext } from "../serve-context.ts";
import { translateAnswers } from "../translate-answers.ts";
import { resultsPath } from "./routes.ts";

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
  const translated = translateAnswers(translators, answers, (block, omitted) =>
    translators.run("messages", { block, omitted }),
  );
  for await (const { counts, lines } of translated) {
    counter.merge(counts);
    yield lines;
  }
}

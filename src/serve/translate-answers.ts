import { type AnswerBlock, type OmittedLines, RepeatFinder } from "../client-batches/batch-answers.ts";
import type { Translators } from "./translators.ts";

/**
 * Translates blocks of answers; what comes of them is in their order. Where the service wrote a record twice, its block is translated again
 * without the second line.
 */
export async function* translateAnswers<Result extends { readonly rows: readonly (number | undefined)[] }>(
  translators: Translators,
  blocks: AsyncIterable<AnswerBlock>,
  translate: (block: AnswerBlock, omitted: OmittedLines) => Promise<Result>,
): AsyncGenerator<Result> {
  const repeats = new RepeatFinder();
  const first = async (block: AnswerBlock) => ({ block, result: await translate(block, new Set()) });
  for await (const { block, result } of translators.map(blocks, first)) {
    const repeated = repeats.find(block, result.rows);
    yield repeated.size === 0 ? result : await translate(block, repeated);
  }
}

import { expect, it } from "vitest";
import { type AnswerBlock, RepeatFinder } from "../../src/client-batches/batch-answers.ts";
import type { BatchGroup } from "../../src/client-batches/types.ts";

const blockOf = (index: number, rowCount: number): AnswerBlock => {
  const group: BatchGroup = {
    ...{ index, clientModel: "m", model: "m", invocation: "converse", isOnDemand: false },
    ...{ rowCount, checked: {} },
  };
  return { kind: "run", bytes: new Uint8Array(), group, end: { isCancelled: false, hasExpired: false } };
};

it("finds rows that come a second time, in a block or in a later one, group by group", () => {
  const repeats = new RepeatFinder();
  expect(repeats.find(blockOf(0, 16), [1, 2, 16, 2])).toEqual(new Set([3]));
  expect(repeats.find(blockOf(1, 16), [1, 2])).toEqual(new Set());
  expect(repeats.find(blockOf(0, 16), [3, 16, 1, 4])).toEqual(new Set([1, 2]));
  expect(repeats.find({ kind: "refused", bytes: new Uint8Array() }, [undefined, undefined])).toEqual(new Set());
});

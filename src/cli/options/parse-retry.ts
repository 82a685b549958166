import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { PlanRetryOptions } from "../../index.ts";

/** The options of a retry as they were written. */
export interface RetryOptionsInput {
  readonly maxAttempts?: string;
  readonly maxTokens?: string;
  readonly maxCost?: string;
  readonly belowMinimum?: string;
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly rows?: string;
}

/** @throws BAD_OPTIONS with every problem */
export function parseRetryOptions(
  { maxAttempts, maxTokens, maxCost, belowMinimum, output, overwrite, rows }: RetryOptionsInput,
  command: string,
): PlanRetryOptions {
  const problems: string[] = [];
  if (maxAttempts !== undefined && !/^([2-9]|10)$/.test(maxAttempts)) {
    problems.push(`--max-attempts is ${JSON.stringify(maxAttempts)}; it has to be a whole number from 2 to 10`);
  }
  if (maxTokens !== undefined && !/^[1-9]\d{0,8}$/.test(maxTokens)) {
    problems.push(`--max-tokens is ${JSON.stringify(maxTokens)}; it has to be a whole number from 1`);
  }
  if (maxCost !== undefined && !/^\d+(\.\d+)?$/.test(maxCost)) {
    problems.push(`--max-cost is ${JSON.stringify(maxCost)}; it has to be a number of dollars`);
  }
  if (belowMinimum !== undefined && belowMinimum !== "on-demand" && belowMinimum !== "fail") {
    problems.push(`--below-minimum is ${JSON.stringify(belowMinimum)}; it has to be on-demand or fail`);
  }
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  return defined({
    maxAttempts: toNumber(maxAttempts),
    maxTokens: toNumber(maxTokens),
    maxCostUsd: toNumber(maxCost),
    belowMinimum: belowMinimum as PlanRetryOptions["belowMinimum"] | undefined,
    ...{ output, overwrite },
    rows: rows === undefined ? undefined : { where: rows },
  });
}

const toNumber = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

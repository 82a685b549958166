import { type ErrorCode, type HalfpriceError, isError } from "../../src/foundation/errors/index.ts";

/** What a call throws, which has to be an error of ours, and of one of the codes where codes are given. */
export async function findFailure<Code extends ErrorCode = ErrorCode>(
  call: () => unknown,
  ...codes: readonly Code[]
): Promise<HalfpriceError<Code>> {
  try {
    await call();
  } catch (error) {
    if (isError(error, ...codes)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

import { HalfpriceError } from "../../src/foundation/errors.ts";

/** What a call throws, which has to be an error of ours. */
export async function findFailure(call: () => unknown): Promise<HalfpriceError> {
  try {
    await call();
  } catch (error) {
    if (error instanceof HalfpriceError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

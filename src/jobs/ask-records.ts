import type { ModelAnswer } from "../aws/bedrock-runtime.ts";
import { type HalfpriceError, isError } from "../foundation/errors/index.ts";
import { makeOutputLine } from "../lines/line-format.ts";

/** A record that goes on demand. */
export interface AskedRecord {
  readonly recordId: string;
  /** The body's bytes as they were written: a parsed number could come back another. */
  readonly body: string;
}

/** How records are asked on demand. */
export interface AskOptions {
  readonly ask: (body: string) => Promise<ModelAnswer>;
  /** Gets each line as a job's output has it, newline included, so that one reader reads both. Waited for before another record takes its place. */
  readonly onLine: (line: string) => void | Promise<void>;
  /** True when no further record is to be begun; what is under way is waited for, since it is paid. */
  readonly isOver?: () => boolean;
}

/** How a stretch of asking came out. */
export type AskEnd =
  /** Every record has its line. */
  | "done"
  /** It was over before. */
  | "over"
  /** The service takes no more for now, even after the SDK's retries. */
  | "throttled";

/** As many requests at a time as the service takes: one more after each of so many answers, half as many when throttled. */
const concurrency = { first: 4, most: 32, answersPerStep: 8 } as const;
/** A request that the service could not work on for reasons of its own is asked so often in all. */
const maxTries = 3;

/**
 * Sends records on demand, several at a time. A record that the service refuses for what it is becomes a line with its
 * error; what would be refused of any record (no access, no such model) is thrown.
 * @throws NO_CREDENTIALS, CREDENTIALS_REFUSED, UNREACHABLE, SERVICE_REFUSED
 */
export async function askRecords(records: AsyncIterable<AskedRecord>, options: AskOptions): Promise<AskEnd> {
  const { ask, onLine, isOver = () => false } = options;
  const source = records[Symbol.asyncIterator]();
  const again: (AskedRecord & { readonly tries: number })[] = [];
  let allowed: number = concurrency.first;
  let sinceStep = 0;
  let end: AskEnd | undefined;
  let failure: Error | undefined;
  const slowDown = (): void => {
    allowed = Math.max(1, Math.floor(allowed / 2));
    sinceStep = 0;
  };
  const askOne = async ({ recordId, body, tries }: AskedRecord & { readonly tries: number }): Promise<void> => {
    try {
      const answer = await ask(body);
      await onLine(makeOutputLine(recordId, body, { answer: answer.body }));
      if (answer.attempts > 1) return slowDown();
      sinceStep += 1;
      if (sinceStep >= concurrency.answersPerStep && allowed < concurrency.most) {
        allowed += 1;
        sinceStep = 0;
      }
    } catch (error) {
      const kind = judge(error);
      if (isError(error, "SERVICE_REFUSED") && (kind === "record" || (kind === "service" && tries >= maxTries))) {
        await onLine(makeOutputLine(recordId, body, { error: describe(error) }));
      } else if (kind === "service") again.push({ recordId, body, tries: tries + 1 });
      else if (kind === "throttled") {
        // The SDK has waited and tried several times: somebody else uses up the quota.
        end ??= "throttled";
      } else {
        end ??= "over";
        failure ??= error instanceof Error ? error : new Error(String(error));
      }
      if (kind !== "record") slowDown();
    }
  };
  const running = new Set<Promise<void>>();
  let isExhausted = false;
  for (;;) {
    while (end === undefined && running.size < allowed) {
      if (isOver()) {
        end = "over";
        break;
      }
      let next = again.shift();
      if (next === undefined && !isExhausted) {
        const read = await source.next();
        if (read.done === true) isExhausted = true;
        else next = { ...read.value, tries: 1 };
      }
      if (next === undefined) break;
      const asking: Promise<void> = askOne(next).finally(() => running.delete(asking));
      running.add(asking);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  await source.return?.();
  if (failure !== undefined) throw failure;
  return end ?? "done";
}

/** Whose fault an error is: the record's, the service's for now, the quota's, or that of whoever asks. */
function judge(error: unknown): "record" | "service" | "throttled" | "caller" {
  if (!isError(error, "SERVICE_REFUSED")) return "caller";
  const { status } = error.details;
  if (status === 429) return "throttled";
  // 408 ModelTimeout is one that the SDK does not try again (its classifier, 2026-11).
  if (status === 408 || status >= 500) return "service";
  return status === 401 || status === 403 || status === 404 ? "caller" : "record";
}

function describe(error: HalfpriceError<"SERVICE_REFUSED">): string {
  const { status, type, message } = error.details;
  return JSON.stringify({ errorCode: status, errorMessage: `${type}: ${message}` });
}

/**
 * How fast a job may answer its records: as the service's time goes by, so that its counts grow while it runs and a stop in
 * the middle leaves the part that was done until then.
 */
import type { Clock } from "../../clock.ts";

export interface RecordRate {
  /** Waits until records may be answered; how many of `wanted`, or 0 when no more may be. */
  take(wanted: number): Promise<number>;
  /** Whether all records may be answered now: answered ahead of `take` they are the same. */
  isOpen(): boolean;
  /** Lets nothing more be taken from now on: what was answered is written. */
  end(): void;
  /** Makes the next `take` throw: nothing is written. */
  abort(): void;
}

export interface PaceOptions {
  readonly clock: Clock;
  readonly recordCount: number;
  readonly startedAtMs: number;
  /** From the first record to the last, in the service's time. */
  readonly durationMs: number;
  /** No record is answered that falls after this time; undefined: all are. */
  readonly untilMs: number | undefined;
  /** Told before and after a wait, so that whoever steps the clock knows when nothing moves. */
  readonly waiting: (isWaiting: boolean) => void;
}

const steps = 100;

export function makeRecordRate(options: PaceOptions): RecordRate {
  const { clock, recordCount, startedAtMs, durationMs, untilMs, waiting } = options;
  let taken = 0;
  let ended = false;
  let aborted = false;
  let wake: (() => void) | undefined;

  const allowedAt = (nowMs: number): number => {
    if (durationMs <= 0) return recordCount;
    const ratio = (nowMs - startedAtMs) / durationMs;
    return ratio >= 1 ? recordCount : Math.max(0, Math.floor(ratio * recordCount));
  };
  const last = untilMs === undefined ? recordCount : allowedAt(untilMs);

  const wait = (untilCount: number): Promise<void> =>
    new Promise((resolve) => {
      const dueMs = startedAtMs + (durationMs * untilCount) / recordCount;
      waiting(true);
      const go = (): void => {
        cancel();
        wake = undefined;
        waiting(false);
        resolve();
      };
      const cancel = clock.after(Math.max(0, Math.ceil(dueMs - clock.nowMs())), go);
      wake = go;
    });

  return {
    async take(wanted) {
      for (;;) {
        if (aborted) throw new Error("The service was closed while the job ran.");
        if (ended || taken >= last) return 0;
        const free = Math.min(allowedAt(clock.nowMs()), last) - taken;
        if (free > 0) {
          const granted = Math.min(free, wanted);
          taken += granted;
          return granted;
        }
        await wait(Math.min(last, taken + Math.max(1, Math.floor(recordCount / steps))));
      }
    },
    isOpen: () => !ended && !aborted && untilMs === undefined && allowedAt(clock.nowMs()) >= recordCount,
    end() {
      ended = true;
      wake?.();
    },
    abort() {
      aborted = true;
      wake?.();
    },
  };
}

/** Waiting for a moment of the clock, with account of who is not waiting: whoever steps the clock must know when to go on. */
import type { Clock } from "../clock.ts";
import type { RecordRate } from "./answering/record-rate.ts";

/** What the outside can do to a living job. */
export interface JobControl {
  stopped: boolean;
  wake: (() => void) | undefined;
  pace: RecordRate | undefined;
}

export const makeJobControl = (): JobControl => ({ stopped: false, wake: undefined, pace: undefined });

export interface Waiting {
  /** Waits for a moment, or for a stop. False where the job was stopped. */
  reach(this: void, control: JobControl, atMs: number): Promise<boolean>;
  /** One more that works (1), or one less (-1). */
  setBusy(this: void, by: 1 | -1): void;
  /** Resolves when nothing moves before the clock does. */
  whenIdle(): Promise<void>;
}

export function makeWaiting(clock: Clock): Waiting {
  let busy = 0;
  let idlers: (() => void)[] = [];
  const setBusy = (by: 1 | -1): void => {
    busy += by;
    if (busy > 0) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  };
  return {
    setBusy,
    async reach(control, atMs) {
      while (!control.stopped && clock.nowMs() < atMs) {
        await new Promise<void>((resolve) => {
          setBusy(-1);
          const go = (): void => {
            cancel();
            control.wake = undefined;
            setBusy(1);
            resolve();
          };
          // A wait without end is no wait for a clock.
          const cancel = Number.isFinite(atMs) ? clock.after(atMs - clock.nowMs(), go) : () => undefined;
          control.wake = go;
        });
      }
      return !control.stopped;
    },
    whenIdle: () => (busy === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  };
}

import type { HalfpriceError } from "../../foundation/errors/index.ts";
import type { GivenUp } from "../../run/start-and-resume/give-up-run.ts";

/** What a call did for a run. */
export interface RunWork {
  /** The table is written. */
  readonly isFinished: boolean;
  /** Jobs and answers of other runs that are still waited for. */
  readonly pendingCount: number;
  /** Jobs, from 0, that the service does not know. */
  readonly unknownJobs: readonly number[];
  /** The run had ended before: nothing was done, and no file was written. */
  readonly wasOver?: true;
  /** Why a further round, which the run was allowed, was not begun. */
  readonly notRetried?: HalfpriceError;
  /** Another process works on the run: it was left to that one. */
  readonly busy?: HalfpriceError;
  /** The run was given up, since its files are gone or cannot be read. */
  readonly givenUp?: GivenUp;
}

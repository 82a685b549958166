/**
 * What is to go wrong: the `faults` option, an object or the path of a JSON file. Nothing goes wrong that it does not name,
 * and with the same seed the same things go wrong again. The kinds are those of sources#failures.
 */

export interface FaultPlan {
  /** Decides where a probability is below 1. Default 1. */
  readonly seed?: number | undefined;
  /** Calls that fail, or are answered badly. */
  readonly calls?: readonly CallRule[] | undefined;
  /** Jobs that stick, fail, end early or write bad output. */
  readonly jobs?: readonly JobRule[] | undefined;
  /** Records that are lost, refused, cut or wrong. */
  readonly records?: readonly RecordRule[] | undefined;
}

/** How often a rule holds, among what it is about. */
interface Chance {
  /** 0 to 1; default 1. */
  readonly probability?: number | undefined;
  /** The first so many are spared. Default 0. */
  readonly after?: number | undefined;
  /** How often it applies at most. Default: always. */
  readonly times?: number | undefined;
}

export interface CallRule extends Chance {
  /** As AWS names it, with `*` for any letters: `CreateModelInvocationJob`, `Put*`. Default `*`. */
  readonly operation?: string | undefined;
  /** What the path must contain, decoded: a bucket, a key, a job's id. Default: anything. */
  readonly path?: string | undefined;
  /** Only from so many seconds of the service's time after the start, and until so many. */
  readonly fromSeconds?: number | undefined;
  readonly untilSeconds?: number | undefined;
  readonly fault: CallFault;
}

/**
 * The name of an error (`throttling`, see `callErrors`), or
 * `error`: any error; `reset`: hung up before anything is done; `lost-answer`: done, then hung up; `cut`: the answer's body
 * ends after so many bytes; `slow`: the answer waits, then comes at a rate; `wrong-checksum`: the answer's checksum headers
 * are of other bytes; `corrupt`: one byte of the answer's body is another.
 */
export type CallFault =
  | string
  | {
      readonly kind: "error";
      readonly type: string;
      readonly status: number;
      readonly message: string;
      readonly retryAfterSeconds?: number | undefined;
    }
  | { readonly kind: "reset" | "lost-answer" | "wrong-checksum" | "corrupt" }
  | { readonly kind: "cut"; readonly afterBytes: number }
  | { readonly kind: "slow"; readonly delayMs?: number | undefined; readonly bytesPerSecond?: number | undefined };

export interface JobRule extends Chance {
  /** The job's name, with `*`. Default `*`. */
  readonly job?: string | undefined;
  /** The model's or profile's id, with `*`. Default `*`. */
  readonly model?: string | undefined;
  readonly fault: JobFault;
}

export interface JobFault {
  /** Fails in Validating with this message, or with the one of this name (see `validationMessages`). */
  readonly failValidation?: string | undefined;
  /** Stays in this state longer: for so many seconds of the service's time, or until its timeout. */
  readonly stick?:
    | { readonly in: "Submitted" | "Validating" | "Scheduled" | "InProgress"; readonly seconds?: number | undefined }
    | undefined;
  /** Ends otherwise than it would, after this part of its records (`doneRatio`, 0 to 1, default 0). */
  readonly end?:
    | {
        readonly status: "Failed" | "PartiallyCompleted" | "Stopped" | "Expired" | "Completed";
        readonly doneRatio?: number | undefined;
        /** Of a Failed job; a message or the name of one (see `runMessages`). */
        readonly message?: string | undefined;
      }
    | undefined;
  /** States that Get and List show under another name, `{"Scheduled": "Queued"}`. */
  readonly showAs?: Readonly<Record<string, string>> | undefined;
  /** `missing`, `broken` (no JSON), or members that replace those of the true one. */
  readonly manifest?: "missing" | "broken" | Readonly<Record<string, number>> | undefined;
  readonly output?:
    | {
        /** Records in the order of the input. */
        readonly inOrder?: boolean | undefined;
        /** So many output files for each input file. */
        readonly files?: number | undefined;
        /** The last line of each file ends in its middle, without \n. */
        readonly cutLastLine?: boolean | undefined;
      }
    | undefined;
}

export interface RecordRule extends Chance {
  /** The job's name, with `*`. Default `*`. */
  readonly job?: string | undefined;
  /** The record's id, with `*`. Default `*`. */
  readonly record?: string | undefined;
  readonly fault: RecordFault;
}

/** What can befall a record; the text kinds change what the model says. */
export const recordFaultKinds = [
  "lost",
  "doubled",
  "broken",
  "throttled",
  "internal",
  "timeout",
  "odd-error",
  "other-id",
  "refused",
  "filtered",
  "truncated",
  "empty",
  "fenced",
  "prose",
  "wrong-shape",
  "separators",
] as const;

/** A kind, or an error of one's own. */
export type RecordFault =
  | (typeof recordFaultKinds)[number]
  | { readonly errorCode: number; readonly errorMessage: string };

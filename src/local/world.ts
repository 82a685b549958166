/** The one account and its Region that all services are parts of. */
import type { Clock } from "./clock.ts";
import type { Authority } from "./iam/authority.ts";
import type { KmsStore } from "./kms/store.ts";
import type { ObjectStore } from "./s3/object-store.ts";

/** What every service is made with. */
export interface World {
  readonly clock: Clock;
  /** The account that owns everything here, twelve digits. */
  readonly accountId: string;
  /** The region of unsigned requests. */
  readonly region: string;
  /** Where buckets, objects and every other thing that outlives the process is kept. */
  readonly dataDir: string;
  readonly objects: ObjectStore;
  /** Keys that buckets, objects and the output of jobs are encrypted with. */
  readonly keys: KmsStore;
  /** Random numbers in [0, 1) from the seed: shuffles, ids and faults come from here so that a run can be repeated. */
  readonly random: () => number;
  /** Set where IAM is enforced: it is asked before every call. */
  readonly authority?: Authority;
  /** One line for `--verbose`. */
  log(line: string): void;
}

import { listRuns, openRun, type SessionOptions } from "../index.ts";
import type { EventHub } from "./event-hub.ts";
import { toRunView } from "./run-views.ts";

/** How often the workspace is looked at while a page is open: a ledger on this disk is a file; one on S3 takes calls that are paid for. */
export const lookEveryMs = { disk: 1000, s3: 5000 } as const;

/** Looks at the workspace while anybody listens, and says what has changed: runs, and the jobs of those under way. */
export class RunWatch {
  readonly #session: SessionOptions;
  readonly #hub: EventHub;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #lastRuns = "";
  readonly #lastJobs = new Map<string, string>();

  constructor(session: SessionOptions, hub: EventHub, everyMs: number) {
    this.#session = session;
    this.#hub = hub;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), this.#everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking || this.#hub.count === 0) return;
    this.#isLooking = true;
    try {
      const runs = (await listRuns(this.#session)).map(toRunView);
      const text = JSON.stringify(runs);
      if (text !== this.#lastRuns) this.#hub.say({ kind: "runs", runs });
      this.#lastRuns = text;
      for (const { id, state } of runs) if (state === "running" || state === "prepared") await this.#lookAt(id);
    } catch {
      // A workspace that cannot be read now can be at the next look; the pages say what is wrong when they ask for something.
    } finally {
      this.#isLooking = false;
    }
  }

  async #lookAt(runId: string): Promise<void> {
    const { jobs } = await (await openRun(runId, this.#session)).details();
    const text = JSON.stringify(jobs);
    if (text === this.#lastJobs.get(runId)) return;
    this.#lastJobs.set(runId, text);
    this.#hub.say({ kind: "jobs", runId, jobs });
  }
}

import { listRuns, openRun, type SessionOptions } from "../index.ts";
import type { EventHub } from "./event-hub.ts";
import { toRunView } from "./run-views.ts";

/** How often the workspace is looked at while a page is open: its ledger is a file, and nobody is asked. */
const everyMs = 1000;

/** Looks at the workspace while anybody listens, and says what has changed: runs, and the jobs of those under way. */
export class RunWatch {
  readonly #session: SessionOptions;
  readonly #hub: EventHub;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #lastRuns = "";
  readonly #lastJobs = new Map<string, string>();

  constructor(session: SessionOptions, hub: EventHub) {
    this.#session = session;
    this.#hub = hub;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), everyMs);
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

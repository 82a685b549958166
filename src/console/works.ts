import type { ProgressEvent } from "../index.ts";
import { toErrorView } from "./error-view.ts";
import type { ConsoleEvent, WorkView } from "./views.ts";

/** What a piece of work is given. */
interface WorkTools {
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
}

/** What the console's process is doing with runs: begun by a page, and going on when the page is closed. */
export class Works {
  readonly #works = new Map<string, WorkView>();
  readonly #stopping = new AbortController();
  readonly #say: (event: ConsoleEvent) => void;
  #count = 0;

  constructor(say: (event: ConsoleEvent) => void) {
    this.#say = say;
  }

  /** The latest work on a run. */
  find(runId: string): WorkView | undefined {
    return [...this.#works.values()].reverse().find((work) => work.runId === runId);
  }

  /**
   * Begins work, and says how it goes; it is not waited for.
   * @param runId the run, where it is known already
   * @param work calls `onRun` as soon as it has a run
   */
  start(
    what: string,
    runId: string | undefined,
    work: (tools: WorkTools, onRun: (runId: string) => void) => Promise<{ readonly id: string }>,
  ): WorkView {
    this.#count += 1;
    const id = String(this.#count);
    const begun: WorkView = { id, what, state: "running", ...(runId === undefined ? {} : { runId }) };
    this.#set(begun);
    const onRun = (own: string): void => this.#set({ ...(this.#works.get(id) ?? begun), runId: own });
    const onProgress = (event: ProgressEvent): void => {
      const last = this.#works.get(id) ?? begun;
      if (event.kind === "step") this.#set({ ...last, step: event.step });
      if (event.kind === "trouble") this.#set({ ...last, step: event.error.message });
    };
    void work({ signal: this.#stopping.signal, onProgress }, onRun).then(
      (run) => this.#set({ id, what, state: "done", runId: run.id }),
      (error: unknown) => {
        if (this.#stopping.signal.aborted) return;
        this.#set({ ...(this.#works.get(id) ?? begun), state: "failed", error: toErrorView(error) });
      },
    );
    return begun;
  }

  /** Stops waiting for jobs: they go on, and any other process collects them. */
  close(): void {
    this.#stopping.abort(new Error("the console was closed"));
  }

  #set(work: WorkView): void {
    this.#works.set(work.id, work);
    this.#say({ kind: "work", work });
  }
}

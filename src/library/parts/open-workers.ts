import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type PartTask, type PartWorkers, workElsewhere, workHere } from "../../run/parts/part-tasks.ts";
import { isPortable } from "../../run/parts/saved-request.ts";
import type { RunRequest } from "../../run/plan/choose-model.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { engineThreads, type Session } from "../../workspace/session.ts";
import type { WorkerAnswer, WorkerStart } from "./part-worker.ts";

/** What a worker takes at most besides the engine's share, and so the memory that one more needs. */
const workerBytes = 1024 ** 3;

/** How often a worker that dies is replaced for the same task. */
const mostDeaths = 3;

/** How the workers of a run are chosen. */
export interface WorkerChoice {
  readonly workers?: number;
  readonly request?: RunRequest | undefined;
}

/** As many workers as cores, memory and parts are good for. */
export function chooseWorkerCount(partCount: number): number {
  const byMemory = Math.floor(totalmem() / 2 / workerBytes);
  return Math.max(1, Math.min(availableParallelism(), byMemory, partCount));
}

/**
 * Opens those who prepare and join the parts of a run: processes of their own, one of which that dies takes nothing with it; or this one,
 * where one is enough, or where the work cannot be handed to another: a prompt function of this program, credentials that it has.
 */
export function openPartWorkers(session: Session, run: RunFile, { workers, request }: WorkerChoice): PartWorkers {
  const count = Math.min(workers ?? chooseWorkerCount(run.partCount ?? 1), run.partCount ?? 1);
  if (count === 0) return workElsewhere;
  const program = fileURLToPath(new URL("./part-worker.js", import.meta.url));
  const isHandedOver = (request === undefined || isPortable(request)) && session.connection.aws === undefined;
  if (count < 2 || !isHandedOver || !existsSync(program)) return workHere(session, run.id, request);
  return openProcesses(program, session, run.id, count);
}

interface Worker {
  /** Does a task. @throws what it failed with; WorkerGone */
  run(task: PartTask): Promise<void>;
  close(): void;
}

/** The process of a worker has ended, in whatever way. */
class WorkerGone extends Error {}

function openProcesses(program: string, session: Session, runId: string, count: number): PartWorkers {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const threads = engineThreads() ?? Math.max(1, Math.floor(availableParallelism() / count));
  const open = (): Worker => {
    const worker = startWorker(program, session, runId, threads);
    all.add(worker);
    return worker;
  };
  return {
    count,
    async run(task) {
      for (let deaths = 0; ; deaths += 1) {
        const worker = idle.pop() ?? open();
        try {
          await worker.run(task);
          idle.push(worker);
          return;
        } catch (error) {
          if (!(error instanceof WorkerGone)) {
            idle.push(worker);
            throw error;
          }
          all.delete(worker);
          // What it was doing is done again, from the beginning, by another.
          if (deaths + 1 >= mostDeaths) throw error;
        }
      }
    },
    async close() {
      for (const worker of all) worker.close();
    },
  };
}

function startWorker(program: string, { config, connection }: Session, runId: string, threads: number): Worker {
  const child = fork(program, [], {
    env: { ...process.env, HALFPRICE_ENGINE_THREADS: String(threads) },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: [],
  });
  const start: WorkerStart = { config, connection, runId };
  child.send(start);
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        const settle = (end: () => void): void => {
          child.off("message", onAnswer);
          child.off("exit", onExit);
          end();
        };
        const onAnswer = (answer: WorkerAnswer): void =>
          settle(() => (answer.kind === "done" ? resolve() : reject(toError(answer))));
        const onExit = (): void => settle(() => reject(new WorkerGone(`a worker ended at part ${task.part}`)));
        child.on("message", onAnswer);
        child.on("exit", onExit);
        if (child.exitCode !== null || child.signalCode !== null || !child.connected) onExit();
        else child.send(task);
      }),
    close: () => {
      if (child.connected) child.disconnect();
      child.kill();
    },
  };
}

/** What a worker's task failed with, as it was there. */
function toError(answer: Exclude<WorkerAnswer, { kind: "done" }>): Error {
  if (answer.kind === "refused") return new HalfpriceError(answer.code, answer.details as never);
  return new Error(answer.message);
}

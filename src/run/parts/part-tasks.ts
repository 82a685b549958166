import type { Session } from "../../workspace/session.ts";
import type { RunRequest } from "../plan/choose-model.ts";
import { joinPart } from "./join-part.ts";
import { preparePart } from "./prepare-part.ts";

/** A piece of work on a part. */
export interface PartTask {
  readonly kind: "prepare" | "join";
  readonly part: number;
}

/** Those who prepare and join the parts of a run. */
export interface PartWorkers {
  /** How many tasks go on at a time. */
  readonly count: number;
  /** Does a task; rejects with what it failed with. */
  run(task: PartTask): Promise<void>;
  close(): Promise<void>;
}

/** Does a task in this process. @throws what preparePart and joinPart throw */
export async function doTask(
  session: Session,
  parentId: string,
  { kind, part }: PartTask,
  request?: RunRequest,
): Promise<void> {
  if (kind === "prepare") await preparePart(session, parentId, part, request);
  else await joinPart(session, parentId, part);
}

/** Leaves all parts to others. */
export const workElsewhere: PartWorkers = {
  count: 0,
  run: ({ part }) => Promise.reject(new Error(`part ${part} is left to others`)),
  close: () => Promise.resolve(),
};

/** Works on the parts in this process, one after the other. @param request where its prompt is a function of this program */
export function workHere(session: Session, parentId: string, request?: RunRequest): PartWorkers {
  return {
    count: 1,
    run: (task) => doTask(session, parentId, task, request),
    close: () => Promise.resolve(),
  };
}

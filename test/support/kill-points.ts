import { watchPoints } from "../../src/foundation/crash-point.ts";

/** What a watched piece of work was killed with. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** Whether an error is a kill, or was made of one on its way up. */
function isKill(error: unknown): boolean {
  return error instanceof Killed || (error instanceof Error && error.cause !== undefined && isKill(error.cause));
}

/** The points that some work comes by, in their order. */
export async function listPoints(work: () => Promise<unknown>): Promise<string[]> {
  const points: string[] = [];
  await watchPoints((point) => points.push(point), work);
  return points;
}

/**
 * Kills some work at a point: from there on every write of the ledger, call and file fails, so that what a process would do
 * on its way out is not done either.
 * @returns the point's name, or undefined where the work ended before it
 */
export async function killAt(index: number, work: () => Promise<unknown>): Promise<string | undefined> {
  let reached = 0;
  let killedAt: string | undefined;
  const watch = (point: string): void => {
    if (reached === index) killedAt = point;
    reached += 1;
    if (killedAt !== undefined) throw new Killed(`killed at ${killedAt}`);
  };
  try {
    await watchPoints(watch, work);
  } catch (error) {
    if (!isKill(error)) throw error;
  }
  return killedAt;
}

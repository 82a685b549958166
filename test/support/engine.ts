import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Engine, openEngine } from "../../src/engine/engine.ts";

/** An engine of the test's own. */
export async function openTestEngine(folder: string): Promise<Engine> {
  const engine = await openEngine({ tempDirectory: join(folder, "spill"), threads: 2 });
  onTestFinished(() => engine.close());
  return engine;
}

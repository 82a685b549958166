import { readFileSync } from "node:fs";
import { commitText } from "../foundation/commit-file.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { refuseInputs } from "../foundation/same-file.ts";
import type { Plan } from "../foundation/types/index.ts";
import type { BatchPlan } from "../index.ts";

/** What a plan rests on, each as a text that is the same as long as nothing has changed. */
type Pins = Readonly<Record<string, string>>;

/** A plan in a file: what was asked for, what it rests on, and what it said. */
export interface SavedPlan {
  /** Says what the file is. */
  readonly halfprice: "plan";
  readonly version: 1;
  /** The words and options of the command that made it, but for those that say where and how to run. */
  readonly request: {
    readonly words: readonly string[];
    readonly flags: Readonly<Record<string, unknown>>;
  };
  readonly pins: Pins;
  readonly plan: Plan;
}

/** Writes a plan into a file of the user's. @throws BAD_OUTPUT, OUTPUT_IS_INPUT */
export function savePlan(path: string, request: SavedPlan["request"], { reads, pins, details }: BatchPlan): void {
  refuseInputs(path, reads);
  const saved: SavedPlan = { halfprice: "plan", version: 1, request, pins, plan: details };
  try {
    commitText(path, `${JSON.stringify(saved, null, 2)}\n`);
  } catch (cause) {
    throw new HalfpriceError("BAD_OUTPUT", { path, reason: (cause as Error).message }, { cause });
  }
}

/** A plan that `--save` wrote, or undefined where the file is none. @throws NO_SUCH_FILE, UNREADABLE_FILE, NEWER_FILE */
export function findSavedPlan(path: string): SavedPlan | undefined {
  if (!path.endsWith(".json")) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT")
      throw new HalfpriceError("NO_SUCH_FILE", { path }, { cause });
    throw new HalfpriceError("UNREADABLE_FILE", { path, reason: (cause as Error).message }, { cause });
  }
  try {
    const found = JSON.parse(text) as Partial<SavedPlan> | null;
    if (found?.halfprice !== "plan") return undefined;
    if (found.version === 1) return found as SavedPlan;
    throw new HalfpriceError("NEWER_FILE", { path, version: String(found.version), known: 1 });
  } catch (cause) {
    if (isError(cause)) throw cause;
    throw new HalfpriceError("UNREADABLE_FILE", { path, reason: "it is not JSON" }, { cause });
  }
}

/** The saved plan is what is done, or nothing is. @throws PLAN_CHANGED with everything that is not as it was */
export function checkSavedPlan(path: string, saved: SavedPlan, { pins }: BatchPlan): void {
  const changes = Object.keys({ ...saved.pins, ...pins }).flatMap((name) => {
    const [before, now] = [saved.pins[name] ?? "nothing", pins[name] ?? "nothing"];
    return before === now ? [] : [`${name}: ${before}, now ${now}`];
  });
  if (changes.length > 0) throw new HalfpriceError("PLAN_CHANGED", { path, changes });
}

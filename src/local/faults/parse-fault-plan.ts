/** Reads a fault plan from JSON, and says everything that is wrong with it at once. */

import { type FaultPlan, recordFaultKinds } from "./fault-plan.ts";
import { callErrors } from "./known-errors.ts";

/** A plan that cannot be used. */
export class FaultPlanError extends Error {
  override readonly name = "FaultPlanError";
  /** One sentence each, with the place: `calls[0].probability must be a number from 0 to 1, not 2`. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The fault plan cannot be used: ${problems.join("; ")}`);
    this.problems = problems;
  }
}

type Check = (value: unknown, at: string) => string[];
type Table = Readonly<Record<string, { readonly check: Check; readonly required?: true }>>;

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);
const must = (at: string, what: string, value: unknown): string[] => [`${at} must be ${what}, not ${show(value)}`];

const number =
  (least: number, most = Number.POSITIVE_INFINITY): Check =>
  (value, at) =>
    typeof value === "number" && value >= least && value <= most
      ? []
      : must(
          at,
          most === Number.POSITIVE_INFINITY ? `a number of at least ${least}` : `a number from ${least} to ${most}`,
          value,
        );
const text: Check = (value, at) => (typeof value === "string" && value !== "" ? [] : must(at, "a text", value));
const flag: Check = (value, at) => (typeof value === "boolean" ? [] : must(at, "true or false", value));
const oneOf =
  (options: readonly string[]): Check =>
  (value, at) =>
    options.includes(value as string) ? [] : must(at, `one of ${options.join(", ")}`, value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const object =
  (table: Table): Check =>
  (value, at) => {
    if (!isObject(value)) return must(at, "an object", value);
    const foreign = Object.keys(value)
      .filter((key) => !(key in table))
      .map((key) => `${at}.${key} is not known; known are ${Object.keys(table).join(", ")}`);
    const known = Object.entries(table).flatMap(([key, { check, required }]) => {
      if (value[key] !== undefined) return check(value[key], `${at}.${key}`);
      return required ? [`${at}.${key} is missing`] : [];
    });
    return [...foreign, ...known];
  };
const list =
  (check: Check): Check =>
  (value, at) =>
    Array.isArray(value) ? value.flatMap((item, index) => check(item, `${at}[${index}]`)) : must(at, "a list", value);
const values =
  (check: Check): Check =>
  (value, at) =>
    isObject(value)
      ? Object.entries(value).flatMap(([key, item]) => check(item, `${at}.${key}`))
      : must(at, "an object", value);

const maybe = (check: Check) => ({ check });
const needed = (check: Check) => ({ check, required: true }) as const;
const chance: Table = { probability: maybe(number(0, 1)), after: maybe(number(0)), times: maybe(number(0)) };

const callKinds: Readonly<Record<string, Table>> = {
  error: {
    type: needed(text),
    status: needed(number(300, 599)),
    message: needed(text),
    retryAfterSeconds: maybe(number(0)),
  },
  reset: {},
  "lost-answer": {},
  "wrong-checksum": {},
  corrupt: {},
  cut: { afterBytes: needed(number(0)) },
  slow: { delayMs: maybe(number(0)), bytesPerSecond: maybe(number(1)) },
};

const callFault: Check = (value, at) => {
  if (typeof value === "string") return oneOf(Object.keys(callErrors))(value, at);
  if (!isObject(value)) return must(at, "the name of an error or an object", value);
  const table = callKinds[String(value["kind"])];
  if (table === undefined) return oneOf(Object.keys(callKinds))(value["kind"], `${at}.kind`);
  return object({ kind: needed(text), ...table })(value, at);
};

const jobFault = object({
  failValidation: maybe(text),
  stick: maybe(
    object({ in: needed(oneOf(["Submitted", "Validating", "Scheduled", "InProgress"])), seconds: maybe(number(0)) }),
  ),
  end: maybe(
    object({
      status: needed(oneOf(["Failed", "PartiallyCompleted", "Stopped", "Expired", "Completed"])),
      doneRatio: maybe(number(0, 1)),
      message: maybe(text),
    }),
  ),
  showAs: maybe(values(text)),
  manifest: maybe((value, at) =>
    typeof value === "string" ? oneOf(["missing", "broken"])(value, at) : values(number(0))(value, at),
  ),
  output: maybe(object({ inOrder: maybe(flag), files: maybe(number(1, 1000)), cutLastLine: maybe(flag) })),
});

const recordFault: Check = (value, at) =>
  typeof value === "string"
    ? oneOf(recordFaultKinds)(value, at)
    : object({ errorCode: needed(number(100, 599)), errorMessage: needed(text) })(value, at);

const plan = object({
  seed: maybe(number(0)),
  calls: maybe(
    list(
      object({
        operation: maybe(text),
        path: maybe(text),
        fromSeconds: maybe(number(0)),
        untilSeconds: maybe(number(0)),
        ...chance,
        fault: needed(callFault),
      }),
    ),
  ),
  jobs: maybe(list(object({ job: maybe(text), model: maybe(text), ...chance, fault: needed(jobFault) }))),
  records: maybe(list(object({ job: maybe(text), record: maybe(text), ...chance, fault: needed(recordFault) }))),
});

/** @throws FaultPlanError with every problem */
export function parseFaultPlan(value: unknown): FaultPlan {
  const problems = plan(value, "faults");
  if (problems.length > 0) throw new FaultPlanError(problems.map((problem) => problem.replace(/^faults\./, "")));
  return value as FaultPlan;
}

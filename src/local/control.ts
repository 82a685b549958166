/**
 * What a person does with the local service, and no AWS client: looks at what was asked, switches faults, moves the clock. JSON below
 * `/_halfprice/`, a path that no service of AWS has: a bucket's name cannot begin with an underscore.
 */
import { text } from "node:stream/consumers";
import type { Clock, SkippingClock } from "./clock.ts";
import { FaultPlanError, parseFaultPlan } from "./faults/parse-fault-plan.ts";
import type { SwitchedFaults } from "./faults/switched-faults.ts";
import type { HttpRequest } from "./listener.ts";
import type { WireResponse } from "./service.ts";

/** A request as the service answered it. */
export interface AnsweredRequest {
  /** By the wall's clock, in milliseconds since 1970. */
  readonly atMs: number;
  /** The service that was meant: `s3`; `-` where none was. */
  readonly service: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly status: number;
  readonly tookMs: number;
}

export interface Control {
  /** Keeps a request; the oldest goes where there are many. */
  record(request: AnsweredRequest): void;
  /** The answer to a request that is for the control itself; undefined for every other one. */
  answer(http: HttpRequest): Promise<WireResponse | undefined>;
}

const keptRequests = 500;
const prefix = "/_halfprice/";
/** A year: far more than any job lives. */
const longestSkipMs = 366 * 24 * 3_600_000;

export function makeControl(clock: Clock, faults: SwitchedFaults): Control {
  const requests: AnsweredRequest[] = [];
  const describe = (): WireResponse =>
    answerJson(200, {
      clock: { nowMs: clock.nowMs(), canSkip: isSkipping(clock) },
      faults: faults.plan ?? null,
      requests: requests.toReversed(),
    });
  const acts: Readonly<Record<string, (http: HttpRequest) => Promise<WireResponse>>> = {
    "GET state": () => Promise.resolve(describe()),
    "PUT faults": async (http) => {
      faults.set(parseFaultPlan(await readJson(http)));
      return describe();
    },
    "DELETE faults": () => {
      faults.set(undefined);
      return Promise.resolve(describe());
    },
    "POST clock": async (http) => {
      const { skipMs } = (await readJson(http)) as { skipMs?: unknown };
      if (typeof skipMs !== "number" || !(skipMs > 0) || skipMs > longestSkipMs)
        throw new ControlError(`skipMs has to be a number of milliseconds above 0, at most ${longestSkipMs}`);
      if (!isSkipping(clock)) throw new ControlError("this service's clock is moved by the program that made it");
      clock.skip(skipMs);
      return describe();
    },
  };
  return {
    record(request) {
      requests.push(request);
      if (requests.length > keptRequests) requests.shift();
    },
    async answer(http) {
      if (!http.target.startsWith(prefix)) return undefined;
      const act = acts[`${http.method} ${http.target.slice(prefix.length)}`];
      if (act === undefined) return answerJson(404, { message: `there is no ${http.method} ${http.target}` });
      try {
        return await act(http);
      } catch (error) {
        if (error instanceof ControlError || error instanceof FaultPlanError || error instanceof SyntaxError)
          return answerJson(400, { message: error.message });
        throw error;
      }
    },
  };
}

class ControlError extends Error {}

const isSkipping = (clock: Clock): clock is SkippingClock => "skip" in clock;

const readJson = async ({ body }: HttpRequest): Promise<unknown> => JSON.parse(await text(body)) as unknown;

const answerJson = (status: number, value: object): WireResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

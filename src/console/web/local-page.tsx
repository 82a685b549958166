import { useState } from "preact/hooks";
import type { LocalState } from "../views.ts";
import { get, post, useLoaded } from "./api.ts";
import { formatCount, formatNumberOf, formatTime, showText } from "./format.ts";
import { Problem } from "./parts.tsx";

const hourMs = 3_600_000;

/** Faults that people want to see first; docs/local-service.md has every kind. */
const examples: readonly (readonly [name: string, plan: object])[] = [
  ["one record in ten fails", { records: [{ probability: 0.1, fault: "throttled" }] }],
  ["calls are throttled", { calls: [{ operation: "CreateModelInvocationJob", times: 3, fault: "throttling" }] }],
];

/** The local service: buckets, requests, faults, the clock. Its jobs are on the page of jobs. */
export function LocalPage() {
  const { data, error, reload } = useLoaded(() => get<LocalState>("/api/local"), []);
  const [changed, setChanged] = useState<LocalState>();
  const [problem, setProblem] = useState<Error>();
  const state = changed ?? data;
  const take = (next: LocalState): void => {
    setProblem(undefined);
    setChanged(next);
  };
  const again = (): void => {
    setChanged(undefined);
    reload();
  };
  if (state === undefined)
    return (
      <>
        <h1>Local service</h1>
        <Problem error={error} />
      </>
    );
  return (
    <>
      <h1>Local service</h1>
      <p class="soft">{state.url}</p>
      <Problem error={error ?? problem} />
      <section>
        <h2>Clock</h2>
        <div class="toolbar">
          <strong>{formatTime(state.clock.nowMs)}</strong>
          {[1, 24].map((hours) => (
            <button
              key={hours}
              type="button"
              class="quiet"
              disabled={!state.clock.canSkip}
              onClick={() =>
                void post<LocalState>("/api/local/clock", { skipMs: hours * hourMs }).then(take, setProblem)
              }
            >
              {hours === 1 ? "An hour on" : "A day on"}
            </button>
          ))}
          <button type="button" class="quiet" onClick={again}>
            Look again
          </button>
        </div>
      </section>
      <Faults state={state} onChange={take} />
      <Buckets state={state} />
      <Requests requests={state.requests} />
    </>
  );
}

function Faults({ state, onChange }: { state: LocalState; onChange: (state: LocalState) => void }) {
  const [plan, setPlan] = useState(() => (state.faults === null ? "" : JSON.stringify(state.faults, null, 2)));
  const [problem, setProblem] = useState<Error>();
  const set = (text: string): void => {
    setProblem(undefined);
    post<LocalState>("/api/local/faults", { plan: text }).then(onChange, setProblem);
  };
  return (
    <section>
      <h2>Faults</h2>
      <p role="status">{state.faults === null ? "Nothing is made to fail." : "The plan below holds."}</p>
      <div class="toolbar">
        {examples.map(([name, example]) => (
          <button key={name} type="button" class="quiet" onClick={() => setPlan(JSON.stringify(example, null, 2))}>
            {name}
          </button>
        ))}
      </div>
      <label>
        <span>Fault plan, JSON as docs/local-service.md has it</span>
        <textarea class="mono" rows={6} value={plan} onInput={(event) => setPlan(event.currentTarget.value)} />
      </label>
      <div class="toolbar">
        <button type="button" disabled={plan.trim() === ""} onClick={() => set(plan)}>
          Switch on
        </button>
        <button type="button" class="quiet" disabled={state.faults === null} onClick={() => set("")}>
          Switch off
        </button>
      </div>
      <Problem error={problem} />
    </section>
  );
}

function Buckets({ state }: { state: LocalState }) {
  const [bucket, setBucket] = useState("");
  const [objects, setObjects] = useState<readonly { readonly key: string; readonly sizeBytes: number }[]>([]);
  const [problem, setProblem] = useState<Error>();
  const open = (name: string): void => {
    setBucket(name);
    post<{ key: string; sizeBytes: number }[]>("/api/local/objects", { bucket: name }).then(setObjects, setProblem);
  };
  return (
    <section>
      <h2>Buckets</h2>
      <ul class="plain">
        {state.buckets.map(({ name, objectCount, sizeBytes }) => (
          <li key={name}>
            <button type="button" class="link" onClick={() => open(name)}>
              {name}
            </button>{" "}
            <span class="soft">
              {formatNumberOf(objectCount, "object")}, {formatCount(sizeBytes)} bytes
            </span>
          </li>
        ))}
      </ul>
      <Problem error={problem} />
      {bucket !== "" && (
        <div class="scroll requests" tabIndex={0} role="region" aria-label={`Objects of ${bucket}`}>
          <table class="list">
            <thead>
              <tr>
                <th scope="col">Object of {bucket}</th>
                <th scope="col" class="right">
                  Bytes
                </th>
              </tr>
            </thead>
            <tbody>
              {objects.slice(0, 500).map(({ key, sizeBytes }) => (
                <tr key={key}>
                  <td class="mono">{showText(key)}</td>
                  <td class="right">{formatCount(sizeBytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Requests({ requests }: { requests: LocalState["requests"] }) {
  return (
    <section>
      <h2>Requests</h2>
      {requests.length === 0 ? (
        <p class="soft">none yet</p>
      ) : (
        <div class="scroll requests" tabIndex={0} role="region" aria-label="Requests">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Service</th>
                <th scope="col">Request</th>
                <th scope="col" class="right">
                  Status
                </th>
                <th scope="col" class="right">
                  ms
                </th>
              </tr>
            </thead>
            <tbody>
              {requests.slice(0, 200).map((request, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: requests have no other name
                <tr key={index}>
                  <td>{new Date(request.atMs).toLocaleTimeString("en-GB")}</td>
                  <td>{request.service}</td>
                  <td class="text mono">
                    {request.method} {showText(request.target.slice(0, 200))}
                  </td>
                  <td class={request.status >= 400 ? "right warn" : "right"}>{request.status}</td>
                  <td class="right">{request.tookMs}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

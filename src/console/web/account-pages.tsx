import { useEffect, useState } from "preact/hooks";
import type { AccountJob, CheckView, ConsoleView, ErrorView, WorkView } from "../views.ts";
import { ApiError, get, post, useEvents, useLoaded } from "./api.ts";
import { formatCount, formatNumberOf, formatTime, showText } from "./format.ts";
import { Command, Problem } from "./parts.tsx";
import { hrefTo } from "./router.ts";
import { Work } from "./run-actions.tsx";

/** The account's batch jobs, whoever made them. */
export function JobsPage() {
  const { data, error, reload } = useLoaded(() => get<AccountJob[]>("/api/jobs"), []);
  const [work, setWork] = useState<WorkView>();
  const [problem, setProblem] = useState<Error>();
  useEvents((event) => event.kind === "work" && event.work.id === work?.id && setWork(event.work), [work?.id]);
  const adopt = (arn: string): void => {
    post<WorkView>("/api/adopt", { arn }).then(setWork, setProblem);
  };
  return (
    <>
      <h1>Jobs of the account</h1>
      <Problem error={error ?? problem} />
      {work !== undefined && <Work work={work} />}
      <div class="toolbar">
        <button type="button" class="quiet" onClick={reload}>
          Look again
        </button>
        <span class="soft">{data === undefined ? "asking …" : formatNumberOf(data.length, "job")}</span>
      </div>
      {data !== undefined && data.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Jobs of the account">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">Job</th>
                <th scope="col">Model</th>
                <th scope="col">Status</th>
                <th scope="col" class="right">
                  Records
                </th>
                <th scope="col" class="right">
                  Errors
                </th>
                <th scope="col">Ended</th>
                <th scope="col">Run</th>
              </tr>
            </thead>
            <tbody>
              {data.slice(0, 500).map((job) => (
                <tr key={job.arn}>
                  <th scope="row">
                    {showText(job.name)}
                    <small>{job.arn}</small>
                  </th>
                  <td>{showText(job.modelId.split("/").at(-1) ?? "")}</td>
                  <td>{job.status}</td>
                  <td class="right">{job.counts === undefined ? "–" : formatCount(job.counts.total)}</td>
                  <td class="right">{job.counts === undefined ? "–" : formatCount(job.counts.error)}</td>
                  <td>{job.endedAt === undefined ? "–" : formatTime(job.endedAt)}</td>
                  <td>
                    {job.runId === undefined ? (
                      <button type="button" class="quiet" onClick={() => adopt(job.arn)}>
                        Adopt
                      </button>
                    ) : (
                      <a href={hrefTo(["runs", job.runId])}>{job.runId}</a>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

type DoctorEvent =
  | { readonly kind: "check"; readonly check: CheckView & { readonly subject: string } }
  | { readonly kind: "end"; readonly isWell: boolean }
  | { readonly kind: "error"; readonly error: ErrorView["error"] };

/** Everything that a run needs, check by check, as it is looked at. */
export function DoctorPage({ console: view }: { console: ConsoleView }) {
  const [model, setModel] = useState("");
  const [count, setCount] = useState(0);
  const [checks, setChecks] = useState<readonly (CheckView & { readonly subject: string })[]>([]);
  const [end, setEnd] = useState<string>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    setChecks([]);
    setEnd(undefined);
    setError(undefined);
    const source = new EventSource(`/api/doctor?model=${encodeURIComponent(model)}`);
    source.addEventListener("message", ({ data }) => {
      const event = JSON.parse(String(data)) as DoctorEvent;
      if (event.kind === "check") setChecks((last) => [...last, event.check]);
      else {
        source.close();
        if (event.kind === "error") setError(new ApiError(event.error));
        else setEnd(event.isWell ? "Ready to run." : "A run would fail; what to do stands beside each check.");
      }
    });
    source.addEventListener("error", () => source.close());
    return () => source.close();
  }, [model, count]);
  return (
    <>
      <h1>Doctor</h1>
      <div class="toolbar">
        <label>
          <span>Model</span>
          <select value={model} onChange={(event) => setModel(event.currentTarget.value)}>
            <option value="">none in particular</option>
            {view.models
              .filter(({ hasBatch }) => hasBatch)
              .map(({ alias, label }) => (
                <option key={alias} value={alias}>
                  {label}
                </option>
              ))}
          </select>
        </label>
        <button type="button" class="quiet" onClick={() => setCount((last) => last + 1)}>
          Look again
        </button>
        <Command text={`halfprice doctor${model === "" ? "" : ` --model ${model}`}${view.isLocal ? " --local" : ""}`} />
      </div>
      <Problem error={error} />
      <ul class="checks" aria-live="polite">
        {checks.map(({ name, subject, status, text, fix }) => (
          <li key={`${name} ${subject}`} class={status === "skipped" ? "skip" : status}>
            <b>{showText(subject)}</b> <span class="soft">{status}</span>
            <br />
            {showText(text)}
            {fix !== undefined && <p class="fix">{showText(fix)}</p>}
          </li>
        ))}
      </ul>
      <p role="status">{end ?? (error === undefined ? "looking …" : "")}</p>
    </>
  );
}

import { useState } from "preact/hooks";
import type { DetailedJob, RunPage as Page, RunAction, WorkView } from "../views.ts";
import { ApiError, get, post, useEvents, useLoaded } from "./api.ts";
import {
  formatCount,
  formatDuration,
  formatFigure,
  formatNumber,
  formatNumberOf,
  formatTime,
  formatUsd,
  showText,
} from "./format.ts";
import { Bars, Command, Histogram, OutcomeBar, Problem, Tiles } from "./parts.tsx";
import { goTo, hrefTo } from "./router.ts";
import { isOver } from "./runs-page.tsx";

/** One run: what it was asked, how far it is, what it came to; live. */
export function RunPage({ id }: { id: string }) {
  const { data, error, reload } = useLoaded(() => get<Page>(`/api/runs/${encodeURIComponent(id)}`), [id]);
  const [jobs, setJobs] = useState<readonly DetailedJob[]>();
  const [work, setWork] = useState<WorkView>();
  useEvents(
    (event) => {
      if (event.kind === "jobs" && event.runId === id) setJobs(event.jobs);
      if (event.kind === "work" && event.work.runId === id) setWork(event.work);
      if (event.kind !== "runs") return;
      const now = event.runs.find((run) => run.id === id);
      if (now !== undefined && now.updatedAt !== data?.run.updatedAt) reload();
    },
    [id, data],
  );
  if (data === undefined) return <Problem error={error} />;
  const { run, details, causes, discrepancies } = data;
  const latest = work ?? data.work;
  const cost = run.money.wouldCostUsd ?? run.money.paidUsd;
  const saved = run.money.wouldSaveUsd ?? run.money.savedUsd;
  const isLocal = run.origin.kind === "local";
  return (
    <>
      <p class="crumbs">
        <a href={hrefTo(["runs"])}>Runs</a>
      </p>
      <h1>
        {showText(run.name)} <span class={`state s-${run.state}`}>{run.state}</span>
      </h1>
      <p class="soft">
        {run.id} · {showText(run.model)} ·{" "}
        {isLocal ? "local service, answers are simulated" : `account ${run.origin.accountId}`} · {run.origin.region} ·{" "}
        {formatTime(run.createdAt)}
      </p>
      <Problem error={error} />
      <Actions id={id} actions={data.actions} onWork={setWork} />
      {latest !== undefined && <Work work={latest} />}
      <Tiles
        tiles={[
          [formatCount(run.rowCount), "rows"],
          [formatCount(run.recordCount), "distinct requests"],
          ...(isOver(run)
            ? ([
                [formatUsd(cost), isLocal ? "would be paid on AWS" : "paid"],
                [formatUsd(saved), isLocal ? "would be saved" : "saved"],
              ] as const)
            : ([[formatUsd(run.money.estimateUsd?.expected), "expected cost"]] as const)),
        ]}
      />
      {isOver(run) && (
        <section>
          <h2>Outcomes</h2>
          <OutcomeBar outcomes={run.outcomes} onPick={(outcome) => goTo(["runs", id, "rows"], { outcome })} />
          {details.profile !== undefined && (
            <p>
              <a href={hrefTo(["runs", id, "rows"])}>Look at the rows</a> ·{" "}
              <a href={hrefTo(["runs", id, "label"])}>Label some of them</a> ·{" "}
              <a href={hrefTo(["compare"], { one: id })}>Compare with another run</a>
            </p>
          )}
        </section>
      )}
      {causes.length > 0 && (
        <section>
          <h2>Without an answer, by cause</h2>
          {causes.map(({ outcome, message, count, cause, fix }) => (
            <article key={`${outcome} ${message}`} class="cause">
              <h3>
                <i class={`dot o-${outcome}`} aria-hidden="true" />
                <a href={hrefTo(["runs", id, "rows"], { outcome })}>
                  {formatNumberOf(count, "row")} {outcome}
                </a>
              </h3>
              <p>{showText(cause ?? message)}</p>
              {fix !== undefined && <p class="fix">{showText(fix)}</p>}
              {cause !== undefined && <p class="soft">{showText(message)}</p>}
            </article>
          ))}
        </section>
      )}
      <Checks warnings={details.warnings} discrepancies={discrepancies} isOver={isOver(run)} />
      <Jobs jobs={jobs ?? details.jobs} />
      <section>
        <h2>Money</h2>
        <table class="list small">
          <tbody>
            {details.money.map(({ label, figure, note }) => (
              <tr key={label}>
                <th scope="row">{label.trim()}</th>
                <td class="right">{figure}</td>
                <td class="soft">{note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Answers page={data} />
      {details.evaluation !== undefined && (
        <section>
          <h2>Compared with {showText(details.evaluation.gold)}</h2>
          <p>
            {details.evaluation.answer}: accuracy {formatFigure(details.evaluation.accuracy)}, Cohen’s κ{" "}
            {formatFigure(details.evaluation.kappa)}, {formatNumberOf(details.evaluation.rows, "row")} with gold. In
            brackets: the 95 % interval.
          </p>
        </section>
      )}
      <section>
        <h2>What was asked</h2>
        <dl class="facts">
          {details.request.settings.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{showText(value)}</dd>
            </div>
          ))}
        </dl>
        <pre tabIndex={0} aria-label="Prompt">
          {showText(details.request.prompt)}
        </pre>
        <p>
          The same on a terminal: <Command text={details.request.command} />
        </p>
      </section>
    </>
  );
}

function Actions({
  id,
  actions,
  onWork,
}: {
  id: string;
  actions: readonly RunAction[];
  onWork: (work: WorkView) => void;
}) {
  const [error, setError] = useState<Error>();
  const [exportTo, setExportTo] = useState<string>();
  const [isSaved, setSaved] = useState("");
  const [asked, setAsked] = useState<RunAction>();
  const act = (name: string): void => {
    setAsked(undefined);
    setError(undefined);
    post<WorkView>(`/api/runs/${encodeURIComponent(id)}/act`, { name }).then(onWork, setError);
  };
  const save = (event: Event): void => {
    event.preventDefault();
    setError(undefined);
    post<{ path: string }>(`/api/runs/${encodeURIComponent(id)}/export`, { path: exportTo ?? "" }).then(({ path }) => {
      setSaved(path);
      setExportTo(undefined);
    }, setError);
  };
  const press = (action: RunAction): void => {
    if (action.name === "export") setExportTo("answers.csv");
    else if (action.name === "report") window.open(`/api/runs/${encodeURIComponent(id)}/report`, "_blank", "noopener");
    else if (action.name === "stop" || action.name === "retry") setAsked(action);
    else act(action.name);
  };
  return (
    <section class="actions" aria-label="Actions">
      <ul>
        {actions.map((action) => (
          <li key={action.name}>
            {action.name !== "watch" && (
              <button type="button" onClick={() => press(action)}>
                {action.label}
              </button>
            )}
            <Command text={action.command} />
          </li>
        ))}
      </ul>
      {asked !== undefined && (
        <p class="ask">
          {asked.name === "stop"
            ? "Stop the jobs of this run? What was answered stays, and is paid."
            : "Send the rows without a good answer again? It costs what they cost before, and is asked for on this account."}{" "}
          <button type="button" onClick={() => act(asked.name)}>
            Yes, {asked.name}
          </button>{" "}
          <button type="button" class="quiet" onClick={() => setAsked(undefined)}>
            No
          </button>
        </p>
      )}
      {exportTo !== undefined && (
        <form class="toolbar" onSubmit={save}>
          <label>
            <span>File (.parquet, .csv, .jsonl, .xlsx)</span>
            <input value={exportTo} onInput={(event) => setExportTo(event.currentTarget.value)} />
          </label>
          <button type="submit">Write</button>
        </form>
      )}
      {isSaved !== "" && <p role="status">Written: {isSaved}</p>}
      <Problem error={error} />
    </section>
  );
}

/** What this console is doing with a run. */
export function Work({ work }: { work: WorkView }) {
  if (work.state === "failed" && work.error !== undefined) return <Problem error={new ApiError(work.error)} />;
  return (
    <p role="status" class={work.state === "running" ? "working" : "soft"}>
      {work.what}: {work.state === "running" ? (work.step ?? "begun") : work.state}
    </p>
  );
}

function Checks({
  warnings,
  discrepancies,
  isOver: hasEnded,
}: {
  warnings: readonly string[];
  discrepancies: readonly string[];
  isOver: boolean;
}) {
  if (warnings.length + discrepancies.length === 0 && !hasEnded) return null;
  return (
    <section>
      <h2>Checks</h2>
      <ul class="checks">
        {warnings.map((text) => (
          <li key={text} class="warn">
            {showText(text)}
          </li>
        ))}
        {discrepancies.map((text) => (
          <li key={text} class="fail">
            {showText(text)}
          </li>
        ))}
        {hasEnded && discrepancies.length === 0 && <li class="pass">Manifests, counts and lines agree.</li>}
      </ul>
    </section>
  );
}

/** The jobs on one time line. */
function Jobs({ jobs }: { jobs: readonly DetailedJob[] }) {
  const times = jobs.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt].filter((each) => each !== undefined));
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const shown = jobs.slice(0, 200);
  return (
    <section>
      <h2>Jobs</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Jobs">
        <table class="list">
          <thead>
            <tr>
              <th scope="col">Job</th>
              <th scope="col">State</th>
              <th scope="col" class="right">
                Records
              </th>
              <th scope="col" class="right">
                Done
              </th>
              <th scope="col" class="wide">
                Time
              </th>
              <th scope="col" class="right">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((job) => {
              const { startedAt, endedAt = end } = job;
              const span = Math.max(1, end - start);
              return (
                <tr key={job.index}>
                  <th scope="row">
                    {job.lane === "batch" ? `job ${job.index + 1}` : "on demand"}
                    {job.round > 0 && <small>round {job.round}</small>}
                    {job.link !== undefined && (
                      <a href={job.link} target="_blank" rel="noopener noreferrer">
                        in the AWS console
                      </a>
                    )}
                    {job.arn !== undefined && <small>{job.arn}</small>}
                  </th>
                  <td>
                    {job.state}
                    {job.message !== undefined && <small>{showText(job.message)}</small>}
                  </td>
                  <td class="right">{formatCount(job.recordCount)}</td>
                  <td class="right">{job.processedCount === undefined ? "–" : formatCount(job.processedCount)}</td>
                  <td class="wide">
                    {startedAt !== undefined && (
                      <span class="timeline" title={formatTime(startedAt)}>
                        <i
                          style={{
                            marginLeft: `${((startedAt - start) / span) * 100}%`,
                            width: `${Math.max(1, ((endedAt - startedAt) / span) * 100)}%`,
                          }}
                        />
                      </span>
                    )}
                  </td>
                  <td class="right">
                    {startedAt === undefined || job.endedAt === undefined
                      ? "–"
                      : formatDuration(job.endedAt - startedAt)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {jobs.length > shown.length && <p class="soft">and {formatNumberOf(jobs.length - shown.length, "more job")}</p>}
    </section>
  );
}

/** What the answers are like, and the tokens. */
function Answers({ page: { details, run } }: { page: Page }) {
  const { profile } = details;
  if (profile === undefined) return null;
  return (
    <>
      <section>
        <h2>Answers</h2>
        <div class="charts">
          {profile.answers.map((answer) => (
            <div key={answer.name}>
              <h3>{showText(answer.name)}</h3>
              {"labels" in answer && (
                <Bars
                  name={answer.name}
                  bars={answer.labels.map(({ text, count }) => ({ key: text, label: showText(text), count }))}
                  onPick={(value) => goTo(["runs", run.id, "rows"], { column: answer.name, value })}
                />
              )}
              {"bins" in answer && <Histogram name={answer.name} bins={answer.bins.map(toBin)} format={formatNumber} />}
            </div>
          ))}
        </div>
      </section>
      <section>
        <h2>Tokens</h2>
        <div class="charts">
          {(["inputTokens", "outputTokens"] as const).map((name) => (
            <div key={name}>
              <h3>{name === "inputTokens" ? "Input tokens of a row" : "Output tokens of a row"}</h3>
              <Histogram name={name} bins={profile[name].map(toBin)} format={formatNumber} />
            </div>
          ))}
        </div>
      </section>
    </>
  );
}

const toBin = ({ from, to, count }: { from: number; to: number; count: number }) => ({ low: from, high: to, count });

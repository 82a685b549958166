import { useState } from "preact/hooks";
import type { DetailedJob, RunPage as Page, WorkView } from "../views.ts";
import { get, runPath, useEvents, useLoaded } from "./api.ts";
import { formatCount, formatFigure, formatNumberOf, formatTime, formatUsd, showText } from "./format.ts";
import { Command, OutcomeBar, Problem, Tiles } from "./parts.tsx";
import { goTo, hrefTo } from "./router.ts";
import { Actions, Work } from "./run-actions.tsx";
import { Answers, Jobs } from "./run-jobs.tsx";
import { isOver } from "./runs-page.tsx";

/** One run: what it was asked, how far it is, what it came to; live. */
export function RunPage({ id }: { id: string }) {
  const { data, error, reload } = useLoaded(() => get<Page>(runPath(id)), [id]);
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
      {causes.length > 0 && <Causes id={id} causes={causes} />}
      <Checks warnings={details.warnings} discrepancies={discrepancies} isOver={isOver(run)} />
      <Jobs jobs={jobs ?? details.jobs} />
      <Money money={details.money} />
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
      <Request request={details.request} />
    </>
  );
}

function Causes({ id, causes }: { id: string; causes: Page["causes"] }) {
  return (
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
  );
}

function Money({ money }: { money: Page["details"]["money"] }) {
  return (
    <section>
      <h2>Money</h2>
      <table class="list small">
        <tbody>
          {money.map(({ label, figure, note }) => (
            <tr key={label}>
              <th scope="row">{label.trim()}</th>
              <td class="right">{figure}</td>
              <td class="soft">{note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Request({ request }: { request: Page["details"]["request"] }) {
  return (
    <section>
      <h2>What was asked</h2>
      <dl class="facts">
        {request.settings.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{showText(value)}</dd>
          </div>
        ))}
      </dl>
      <pre tabIndex={0} aria-label="Prompt">
        {showText(request.prompt)}
      </pre>
      <p>
        The same on a terminal: <Command text={request.command} />
      </p>
    </section>
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

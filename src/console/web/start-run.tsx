import { useEffect, useState } from "preact/hooks";
import type { NewRunForm, PlanView, TryView, WorkView } from "../views.ts";
import { post, useEvents } from "./api.ts";
import { formatNumberOf, formatUsd, showCell, showText } from "./format.ts";
import { Problem } from "./parts.tsx";
import { goTo } from "./router.ts";
import { Work } from "./run-actions.tsx";

/** Three rows first, or all of them: what costs money is asked for with its plan. */
export function Start({
  form,
  plan,
  isSimulated,
  tried,
  onTried,
}: {
  form: NewRunForm;
  plan: PlanView;
  isSimulated: boolean;
  tried: TryView | undefined;
  onTried: (tried: TryView) => void;
}) {
  const [problem, setProblem] = useState<Error>();
  const [work, setWork] = useState<WorkView>();
  const [isAsking, setAsking] = useState(false);
  const [isTrying, setTrying] = useState(false);
  useEvents(
    (event) => {
      if (event.kind === "work" && event.work.id === work?.id) setWork(event.work);
      // The run has its place in the list as soon as the ledger has it.
      if (event.kind === "runs" && work?.state === "running") {
        const [latest] = event.runs;
        if (latest !== undefined && latest.createdAt >= startedAt.current) goTo(["runs", latest.id]);
      }
    },
    [work?.id],
  );
  const [startedAt] = useState({ current: 0 });
  useEffect(() => {
    if (work?.state === "done" && work.runId !== undefined) goTo(["runs", work.runId]);
  }, [work]);
  const start = (): void => {
    setAsking(false);
    setProblem(undefined);
    startedAt.current = Date.now() - 1000;
    post<WorkView>("/api/start", { ...form, isConfirmed: true }).then(setWork, setProblem);
  };
  const tryIt = (): void => {
    setTrying(true);
    setProblem(undefined);
    post<TryView>("/api/try", form)
      .then(onTried, setProblem)
      .finally(() => setTrying(false));
  };
  const isBarred = plan.problems.length > 0 || work?.state === "running";
  return (
    <section class="start">
      <div class="toolbar">
        <button type="button" class="quiet" onClick={tryIt} disabled={isTrying}>
          {isTrying ? "Trying …" : isSimulated ? "Try three rows" : "Try three rows, on demand"}
        </button>
        <button
          type="button"
          class="primary"
          disabled={isBarred}
          onClick={() => (isSimulated ? start() : setAsking(true))}
        >
          {isSimulated ? "Start the simulation" : "Start"}
        </button>
      </div>
      {isAsking && (
        <p class="ask">
          Send {formatNumberOf(plan.recordCount, "request")} for{" "}
          {plan.cost === undefined
            ? "a price that is not known"
            : `${formatUsd(plan.cost.low)} to ${formatUsd(plan.cost.high)}`}
          ?{" "}
          <button type="button" class="primary" onClick={start}>
            Yes, start
          </button>{" "}
          <button type="button" class="quiet" onClick={() => setAsking(false)}>
            No
          </button>
        </p>
      )}
      <Problem error={problem} />
      {work !== undefined && <Work work={work} />}
      {tried !== undefined && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Rows that were tried">
          <table class="list">
            <thead>
              <tr>
                {Object.keys(tried.rows[0] ?? {})
                  .filter((name) => !name.includes("halfprice_raw"))
                  .map((name) => (
                    <th key={name} scope="col">
                      {showText(name)}
                    </th>
                  ))}
              </tr>
            </thead>
            <tbody>
              {tried.rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
                <tr key={index}>
                  {Object.entries(row)
                    .filter(([name]) => !name.includes("halfprice_raw"))
                    .map(([name, cell]) => (
                      <td key={name} class="text">
                        {showCell(cell).slice(0, 300)}
                      </td>
                    ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {tried !== undefined && (
        <p class="soft">
          {tried.wouldCostUsd !== undefined
            ? `simulated; would cost ${formatUsd(tried.wouldCostUsd)}`
            : `paid ${formatUsd(tried.paidUsd)}`}
        </p>
      )}
    </section>
  );
}

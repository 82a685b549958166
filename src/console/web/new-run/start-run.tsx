import { useEffect, useState } from "preact/hooks";
import type { NewRunForm, PlanView, TryView, WorkView } from "../../views.ts";
import { post, useEvents } from "../api.ts";
import { formatNumberOf, formatUsd, showCell, showText } from "../format.ts";
import { Problem, Question } from "../parts.tsx";
import { goTo } from "../router.ts";
import { Work } from "../run-actions.tsx";

interface StartProps {
  readonly form: NewRunForm;
  readonly plan: PlanView;
  readonly isSimulated: boolean;
  readonly tried: TryView | undefined;
  readonly onTried: (tried: TryView) => void;
}

/** Three rows first, or all of them: what costs money is asked for with its plan. */
export function Start({ form, plan, isSimulated, tried, onTried }: StartProps) {
  const [problem, setProblem] = useState<Error>();
  const { work, begin } = useStarted(setProblem);
  const [isAsking, setAsking] = useState(false);
  const [isTrying, setTrying] = useState(false);
  const start = (): void => {
    setAsking(false);
    setProblem(undefined);
    begin(form);
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
        <Question yes="Yes, start" onYes={start} onNo={() => setAsking(false)}>
          Send {formatNumberOf(plan.recordCount, "request")} for{" "}
          {plan.cost === undefined
            ? "a price that is not known"
            : `${formatUsd(plan.cost.low)} to ${formatUsd(plan.cost.high)}`}
          ?
        </Question>
      )}
      <Problem error={problem} />
      {work !== undefined && <Work work={work} />}
      {tried !== undefined && <TriedRows tried={tried} />}
    </section>
  );
}

/** Starts a run, and goes to its page as soon as it has one. */
function useStarted(onProblem: (problem: Error) => void) {
  const [work, setWork] = useState<WorkView>();
  useEvents((event) => event.kind === "work" && event.work.id === work?.id && setWork(event.work), [work?.id]);
  useEffect(() => {
    if (work?.runId !== undefined) goTo(["runs", work.runId]);
  }, [work?.runId]);
  const begin = (form: NewRunForm): void => {
    post<WorkView>("/api/start", { ...form, isConfirmed: true }).then(setWork, onProblem);
  };
  return { work, begin };
}

function TriedRows({ tried }: { tried: TryView }) {
  const isShown = (name: string): boolean => !name.includes("halfprice_raw");
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Rows that were tried">
        <table class="list">
          <thead>
            <tr>
              {Object.keys(tried.rows[0] ?? {})
                .filter(isShown)
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
                  .filter(([name]) => isShown(name))
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
      <p class="soft">
        {tried.wouldCostUsd !== undefined
          ? `simulated; would cost ${formatUsd(tried.wouldCostUsd)}`
          : `paid ${formatUsd(tried.paidUsd)}`}
      </p>
    </>
  );
}

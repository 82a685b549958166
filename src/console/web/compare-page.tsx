import { useEffect, useState } from "preact/hooks";
import type { ComparisonView, DifferingAnswers, RunPage, RunView } from "../views.ts";
import { get, post, runPath, useLoaded } from "./api.ts";
import { formatCount, formatFigure, formatNumberOf, formatUsd, showText } from "./format.ts";
import { AnswerSelect, Problem, Tiles } from "./parts.tsx";
import { goTo, hrefTo } from "./router.ts";
import { isOver } from "./runs-page.tsx";

const shownRows = 100;

/** Two runs of the same rows: only the rows that differ, side by side. */
export function ComparePage({ query }: { query: URLSearchParams }) {
  const [one, other] = [query.get("one") ?? "", query.get("other") ?? ""];
  const { data: runs = [], error } = useLoaded(() => get<RunView[]>("/api/runs"), []);
  const ended = runs.filter(isOver);
  const pick = (side: "one" | "other", id: string): void => goTo(["compare"], { one, other, [side]: id });
  const count = ended.find(({ id }) => id === one)?.rowCount;
  const select = (side: "one" | "other", value: string, label: string) => (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => pick(side, event.currentTarget.value)}>
        <option value="">choose a run</option>
        {ended
          .filter(({ id, rowCount }) => side === "one" || (id !== one && rowCount === count))
          .map(({ id, name, model }) => (
            <option key={id} value={id}>
              {showText(name)} · {showText(model)} · {id}
            </option>
          ))}
      </select>
    </label>
  );
  return (
    <>
      <h1>Compare</h1>
      <Problem error={error} />
      <div class="toolbar">
        {select("one", one, "Run")}
        {select("other", other, "Other run on the same rows")}
      </div>
      {one !== "" && other !== "" ? (
        <Comparison key={`${one} ${other}`} one={one} other={other} />
      ) : (
        <p class="empty">Choose two runs that have ended.</p>
      )}
    </>
  );
}

type Pair = Readonly<Record<"one" | "other", string>>;

/** Compares the answers of one column, and keeps the rows that differ; `more` adds to them. */
function useComparison({ one, other }: Pair, column: string, gold: string) {
  const [view, setView] = useState<ComparisonView>();
  const [rows, setRows] = useState<readonly DifferingAnswers[]>([]);
  const [problem, setProblem] = useState<Error>();
  const readRows = (from: number): Promise<DifferingAnswers[]> =>
    post("/api/compare/rows", { one, other, answer: column, from, count: shownRows });
  useEffect(() => {
    if (column === "") return;
    setProblem(undefined);
    setRows([]);
    post<ComparisonView>("/api/compare", { one, other, answer: column, gold })
      .then(async (found) => {
        setView(found);
        setRows(await readRows(0));
      })
      .catch(setProblem);
  }, [one, other, column, gold]);
  const more = (): void => {
    readRows(rows.length).then((next) => setRows((last) => [...last, ...next]), setProblem);
  };
  return { view, rows, problem, more };
}

function Comparison({ one, other }: Pair) {
  const { data: page, error } = useLoaded(() => get<RunPage>(runPath(one)), [one]);
  const [answer, setAnswer] = useState("");
  const [gold, setGold] = useState("");
  const column = answer === "" ? (page?.answerColumns[0] ?? "") : answer;
  const { view, rows, problem, more } = useComparison({ one, other }, column, gold);
  return (
    <>
      <Problem error={error ?? problem} />
      <div class="toolbar">
        <AnswerSelect columns={page?.answerColumns} value={column} onChange={setAnswer} />
        <label>
          <span>Gold column, if there is one</span>
          <input value={gold} onChange={(event) => setGold(event.currentTarget.value)} />
        </label>
      </div>
      {view?.evaluation !== undefined && (
        <>
          <Tiles
            tiles={[
              [formatCount(view.differingCount), `of ${formatNumberOf(view.rowCount, "row")} differ`],
              ...view.cost.map(({ runId, perRowUsd }) => [formatUsd(perRowUsd), `a row in ${runId}`] as const),
            ]}
          />
          <Figures figures={view.evaluation} />
          {view.differingCount === 0 && <p class="empty">The two runs give every row the same answer.</p>}
          <DifferingRows rows={rows} isHidden={view.differingCount === 0} />
          {rows.length < view.differingCount && rows.length > 0 && (
            <button type="button" class="quiet" onClick={more}>
              {formatNumberOf(Math.min(shownRows, view.differingCount - rows.length), "more row")}
            </button>
          )}
          <p>
            <a href={hrefTo(["runs", one])}>This run</a> · <a href={hrefTo(["runs", other])}>The other run</a>
          </p>
        </>
      )}
    </>
  );
}

function Figures({ figures }: { figures: NonNullable<ComparisonView["evaluation"]> }) {
  const { against } = figures;
  const facts: (readonly [name: string, figure: string])[] = [
    [against === undefined ? "agreement" : "accuracy", formatFigure(figures.accuracy)],
    ["Cohen’s κ", formatFigure(figures.kappa)],
  ];
  if (against !== undefined) {
    const only = `only this one right ${formatCount(against.onlyThis)}, only the other ${formatCount(against.onlyOther)}`;
    facts.push(
      ["accuracy of the other run", formatFigure(against.accuracy)],
      ["difference", formatFigure(against.difference.accuracy)],
      ["McNemar’s exact test", `p = ${against.mcnemarP.toPrecision(3)}; ${only}`],
    );
  }
  return (
    <>
      <dl class="facts">
        {facts.map(([name, figure]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      <p class="soft">
        In brackets: the 95 % interval.
        {against === undefined ? " With a gold column a paired test says which run is better." : ""}
      </p>
    </>
  );
}

function DifferingRows({ rows, isHidden }: { rows: readonly DifferingAnswers[]; isHidden: boolean }) {
  const inputs = Object.keys(rows[0]?.cells ?? {});
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Rows that differ" hidden={isHidden}>
      <table class="list">
        <thead>
          <tr>
            <th scope="col" class="right">
              Row
            </th>
            {inputs.map((name) => (
              <th key={name} scope="col">
                {showText(name)}
              </th>
            ))}
            <th scope="col">This run</th>
            <th scope="col">Other run</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.row}>
              <th scope="row" class="right">
                {formatCount(row.row)}
              </th>
              {inputs.map((name) => (
                <td key={name} class="text">
                  {showText(String(row.cells[name] ?? ""))}
                </td>
              ))}
              <td class="one">{row.answer === null ? <em>no answer</em> : showText(row.answer)}</td>
              <td class="other">{row.other === null ? <em>no answer</em> : showText(row.other)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

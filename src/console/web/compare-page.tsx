import { useEffect, useState } from "preact/hooks";
import type { ComparisonView, DifferingAnswers, RunPage, RunView } from "../views.ts";
import { get, post, useLoaded } from "./api.ts";
import { formatCount, formatFigure, formatNumberOf, formatUsd, showText } from "./format.ts";
import { Problem, Tiles } from "./parts.tsx";
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

function Comparison({ one, other }: { one: string; other: string }) {
  const { data: page, error } = useLoaded(() => get<RunPage>(`/api/runs/${encodeURIComponent(one)}`), [one]);
  const [answer, setAnswer] = useState("");
  const [gold, setGold] = useState("");
  const [view, setView] = useState<ComparisonView>();
  const [rows, setRows] = useState<readonly DifferingAnswers[]>([]);
  const [problem, setProblem] = useState<Error>();
  const column = answer === "" ? (page?.answerColumns[0] ?? "") : answer;
  useEffect(() => {
    if (column === "") return;
    setProblem(undefined);
    setRows([]);
    post<ComparisonView>("/api/compare", { one, other, answer: column, gold })
      .then(async (found) => {
        setView(found);
        setRows(
          await post<DifferingAnswers[]>("/api/compare/rows", {
            one,
            other,
            answer: column,
            from: 0,
            count: shownRows,
          }),
        );
      })
      .catch(setProblem);
  }, [one, other, column, gold]);
  const more = (): void => {
    post<DifferingAnswers[]>("/api/compare/rows", {
      one,
      other,
      answer: column,
      from: rows.length,
      count: shownRows,
    }).then((next) => setRows((last) => [...last, ...next]), setProblem);
  };
  const inputs = Object.keys(rows[0]?.cells ?? {});
  const figures = view?.evaluation;
  return (
    <>
      <Problem error={error ?? problem} />
      <div class="toolbar">
        <label>
          <span>Answer</span>
          <select value={column} onChange={(event) => setAnswer(event.currentTarget.value)}>
            {page?.answerColumns.map((name) => (
              <option key={name} value={name}>
                {showText(name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Gold column, if there is one</span>
          <input value={gold} onChange={(event) => setGold(event.currentTarget.value)} />
        </label>
      </div>
      {view !== undefined && figures !== undefined && (
        <>
          <Tiles
            tiles={[
              [formatCount(view.differingCount), `of ${formatNumberOf(view.rowCount, "row")} differ`],
              ...view.cost.map(({ runId, perRowUsd }) => [formatUsd(perRowUsd), `a row in ${runId}`] as const),
            ]}
          />
          <dl class="facts">
            <div>
              <dt>{figures.against === undefined ? "agreement" : "accuracy"}</dt>
              <dd>{formatFigure(figures.accuracy)}</dd>
            </div>
            <div>
              <dt>Cohen’s κ</dt>
              <dd>{formatFigure(figures.kappa)}</dd>
            </div>
            {figures.against !== undefined && (
              <>
                <div>
                  <dt>accuracy of the other run</dt>
                  <dd>{formatFigure(figures.against.accuracy)}</dd>
                </div>
                <div>
                  <dt>difference</dt>
                  <dd>{formatFigure(figures.against.difference.accuracy)}</dd>
                </div>
                <div>
                  <dt>McNemar’s exact test</dt>
                  <dd>
                    p = {figures.against.mcnemarP.toPrecision(3)}; only this one right{" "}
                    {formatCount(figures.against.onlyThis)}, only the other {formatCount(figures.against.onlyOther)}
                  </dd>
                </div>
              </>
            )}
          </dl>
          <p class="soft">
            In brackets: the 95 % interval.
            {figures.against === undefined ? " With a gold column a paired test says which run is better." : ""}
          </p>
          {view.differingCount === 0 && <p class="empty">The two runs give every row the same answer.</p>}
          <div
            class="scroll"
            tabIndex={0}
            role="region"
            aria-label="Rows that differ"
            hidden={view.differingCount === 0}
          >
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

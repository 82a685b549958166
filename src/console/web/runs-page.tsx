import { useMemo, useState } from "preact/hooks";
import type { RunView } from "../views.ts";
import { get, useEvents, useLoaded } from "./api.ts";
import { formatCount, formatNumberOf, formatTime, formatUsd, showText } from "./format.ts";
import { OutcomeBar, Problem, Tiles } from "./parts.tsx";
import { hrefTo } from "./router.ts";

/** What a run has cost; a simulated one would have. */
export const costOf = ({ money }: RunView): number => money.wouldCostUsd ?? money.paidUsd ?? 0;
const savedOf = ({ money }: RunView): number => money.wouldSaveUsd ?? money.savedUsd ?? 0;
/** Whether nothing more happens to a run by itself. */
export const isOver = ({ state }: Pick<RunView, "state">): boolean => state === "done" || state === "stopped";

/** Every run of the workspace; live. */
export function RunsPage() {
  const { data, error } = useLoaded(() => get<RunView[]>("/api/runs"), []);
  const [live, setLive] = useState<readonly RunView[]>();
  const [search, setSearch] = useState("");
  const [state, setState] = useState("");
  useEvents((event) => event.kind === "runs" && setLive(event.runs));
  const runs = live ?? data ?? [];
  const shown = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/);
    return runs.filter((run) => {
      const text = `${run.id} ${run.name} ${run.model}`.toLowerCase();
      const isState = state === "" || (state === "under way" ? !isOver(run) : run.state === state);
      return isState && words.every((word) => text.includes(word));
    });
  }, [runs, search, state]);
  return (
    <>
      <h1>Runs</h1>
      <Problem error={error} />
      <Totals runs={runs} />
      <div class="toolbar" role="search">
        <label>
          <span>Search</span>
          <input
            type="search"
            value={search}
            placeholder="name, model, id"
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
        <label>
          <span>State</span>
          <select value={state} onChange={(event) => setState(event.currentTarget.value)}>
            <option value="">all</option>
            <option>under way</option>
            <option>done</option>
            <option>stopped</option>
          </select>
        </label>
        <span class="soft">{formatNumberOf(shown.length, "run")}</span>
      </div>
      {data !== undefined && runs.length === 0 ? (
        <p class="empty">
          There is no run in this workspace yet. <a href={hrefTo(["new"])}>Begin one</a>, or on a terminal:{" "}
          <code>halfprice demo</code>
        </p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Runs">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">Run</th>
                <th scope="col">State</th>
                <th scope="col">Model</th>
                <th scope="col" class="right">
                  Rows
                </th>
                <th scope="col">Outcomes</th>
                <th scope="col" class="right">
                  Paid
                </th>
                <th scope="col" class="right">
                  Saved
                </th>
                <th scope="col">Started</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function RunRow({ run }: { run: RunView }) {
  const isLocal = run.origin.kind === "local";
  const money = (usd: number): string => `${formatUsd(usd)}${isLocal ? " *" : ""}`;
  return (
    <tr>
      <th scope="row">
        <a href={hrefTo(["runs", run.id])}>{showText(run.name)}</a>
        <small>{run.id}</small>
      </th>
      <td>
        <span class={`state s-${run.state}`}>{run.state}</span>
      </td>
      <td>{showText(run.model)}</td>
      <td class="right">{formatCount(run.rowCount)}</td>
      <td class="wide">{isOver(run) ? <OutcomeBar outcomes={run.outcomes} /> : <span class="soft">under way</span>}</td>
      <td class="right">{isOver(run) ? money(costOf(run)) : "–"}</td>
      <td class="right">{isOver(run) ? money(savedOf(run)) : "–"}</td>
      <td>{formatTime(run.createdAt)}</td>
    </tr>
  );
}

/** What all runs come to, and the months in which they ran. */
function Totals({ runs }: { runs: readonly RunView[] }) {
  const real = runs.filter(({ origin }) => origin.kind === "aws");
  const simulated = runs.filter(({ origin }) => origin.kind === "local");
  const sum = (of: (run: RunView) => number, from: readonly RunView[]): number =>
    from.reduce((total, run) => total + of(run), 0);
  const days = new Map<string, number>();
  for (const run of [...runs].reverse()) {
    const day = new Date(run.createdAt).toISOString().slice(0, 10);
    days.set(day, (days.get(day) ?? 0) + run.rowCount);
  }
  const bars = [...days].slice(-30);
  const most = Math.max(1, ...bars.map(([, count]) => count));
  if (runs.length === 0) return null;
  return (
    <section class="totals" aria-label="Totals">
      <Tiles
        tiles={[
          [formatCount(runs.length), "runs"],
          [formatCount(sum(({ rowCount }) => rowCount, runs)), "rows"],
          [formatUsd(sum(costOf, real)), "paid"],
          [formatUsd(sum(savedOf, real)), "saved"],
          ...(simulated.length === 0
            ? []
            : [[`${formatUsd(sum(costOf, simulated))} *`, "what simulated runs would cost on AWS"] as const]),
        ]}
      />
      <figure class="days">
        <div class="columns">
          {bars.map(([day, count]) => (
            <span key={day} class="bin" title={`${day}: ${formatNumberOf(count, "row")}`}>
              <i style={{ height: `${(count / most) * 100}%` }} />
            </span>
          ))}
        </div>
        <figcaption>
          rows by day, {bars[0]?.[0]} to {bars.at(-1)?.[0]}
        </figcaption>
      </figure>
      {simulated.length > 0 && <p class="soft">* simulated on the local service: nothing was paid.</p>}
    </section>
  );
}

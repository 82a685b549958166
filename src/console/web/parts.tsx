import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Outcome } from "../views.ts";
import { ApiError } from "./api.ts";
import { formatCount, formatShare, showText } from "./format.ts";
import { hrefTo } from "./router.ts";

/** Why something did not work, and what to do. */
export function Problem({ error }: { error: Error | undefined }) {
  if (error === undefined) return null;
  return (
    <div class="problem" role="alert">
      <strong>{error instanceof ApiError ? error.code : "Error"}</strong>
      <p>{showText(error.message)}</p>
      {error instanceof ApiError && <p class="fix">{showText(error.fix)}</p>}
    </div>
  );
}

/** A command that can be copied. */
export function Command({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <span class="command">
      <code>{showText(text)}</code>
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy: ${text}`}>
        {isCopied ? "Copied" : "Copy"}
      </button>
    </span>
  );
}

/** The way back from a page of a run. */
export function Crumbs({ id }: { id: string }) {
  return (
    <p class="crumbs">
      <a href={hrefTo(["runs"])}>Runs</a> / <a href={hrefTo(["runs", id])}>{id}</a>
    </p>
  );
}

/** A question before something that costs money, or cannot be taken back. */
export function Question({
  children,
  yes,
  onYes,
  onNo,
}: {
  children: ComponentChildren;
  yes: string;
  onYes: () => void;
  onNo: () => void;
}) {
  return (
    <p class="ask">
      {children}{" "}
      <button type="button" class="primary" onClick={onYes}>
        {yes}
      </button>{" "}
      <button type="button" class="quiet" onClick={onNo}>
        No
      </button>
    </p>
  );
}

/** Chooses one of a run's answer columns. */
export function AnswerSelect({
  columns = [],
  value,
  onChange,
}: {
  columns: readonly string[] | undefined;
  value: string;
  onChange: (column: string) => void;
}) {
  return (
    <label>
      <span>Answer</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {columns.map((name) => (
          <option key={name} value={name}>
            {showText(name)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Each of them: to leave one out is an error of types. */
const everyOutcome: Readonly<Record<Outcome, true>> = {
  answered: true,
  truncated: true,
  refused: true,
  invalid: true,
  error: true,
  missing: true,
  skipped: true,
};
/** The outcomes, the good one first. */
export const outcomeNames = Object.keys(everyOutcome) as readonly Outcome[];

/** How the rows came out, as a bar with its legend. */
export function OutcomeBar({
  outcomes,
  onPick,
}: {
  outcomes: Readonly<Partial<Record<Outcome, number>>>;
  onPick?: (outcome: Outcome) => void;
}) {
  const shown = outcomeNames.flatMap((name) =>
    (outcomes[name] ?? 0) > 0 ? [[name, outcomes[name] ?? 0] as const] : [],
  );
  const total = shown.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return <span class="soft">no row has come out yet</span>;
  return (
    <div class="outcomes">
      <div class="outcome-bar" aria-hidden="true">
        {shown.map(([name, count]) => (
          <i key={name} class={`o-${name}`} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul class="legend">
        {shown.map(([name, count]) => (
          <li key={name}>
            <i class={`dot o-${name}`} aria-hidden="true" />
            {onPick === undefined ? (
              <span>
                {formatCount(count)} {name} <span class="soft">{formatShare(count / total)}</span>
              </span>
            ) : (
              <button type="button" class="link" onClick={() => onPick(name)}>
                {formatCount(count)} {name} <span class="soft">{formatShare(count / total)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A bar of a chart. */
export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly count: number;
  readonly isOn?: boolean;
}

/** Bars with labels; a click picks one. */
export function Bars({ bars, onPick, name }: { bars: readonly Bar[]; onPick?: (key: string) => void; name: string }) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <ul class="bars" aria-label={name}>
      {bars.map(({ key, label, count, isOn }) => {
        const inner = (
          <>
            <span class="bar-label" title={label}>
              {label}
            </span>
            <span class="bar-track">
              <i style={{ width: `${(count / most) * 100}%` }} />
            </span>
            <span class="bar-count">{formatCount(count)}</span>
          </>
        );
        return (
          <li key={key}>
            {onPick === undefined ? (
              <span class="bar">{inner}</span>
            ) : (
              <button type="button" class="bar" aria-pressed={isOn === true} onClick={() => onPick(key)}>
                {inner}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Columns of a histogram; a click picks one. */
export function Histogram({
  bins,
  onPick,
  name,
  format,
}: {
  bins: readonly { readonly low: number; readonly high: number; readonly count: number }[];
  onPick?: (low: number, high: number) => void;
  name: string;
  format: (value: number) => string;
}) {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return <p class="soft">no numbers</p>;
  return (
    <div class="histogram" role="group" aria-label={name}>
      <div class="columns">
        {bins.map(({ low, high, count }) => {
          const label = `${format(low)} to ${format(high)}: ${formatCount(count)}`;
          const fill = <i style={{ height: `${Math.max(count > 0 ? 2 : 0, (count / most) * 100)}%` }} />;
          return onPick === undefined ? (
            <span key={low} class="bin" title={label}>
              {fill}
            </span>
          ) : (
            <button
              key={low}
              type="button"
              class="bin"
              title={label}
              aria-label={label}
              onClick={() => onPick(low, high)}
            >
              {fill}
            </button>
          );
        })}
      </div>
      <div class="axis" aria-hidden="true">
        <span>{format(first.low)}</span>
        <span>{format(last.high)}</span>
      </div>
    </div>
  );
}

/** A panel over the page; Escape closes it, and the focus goes back to where it was. */
export function Drawer({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return (
    <dialog ref={ref} class="drawer" onClose={onClose} aria-label={title}>
      <header>
        <h2>{title}</h2>
        <button type="button" class="quiet" onClick={() => ref.current?.close()}>
          Close
        </button>
      </header>
      <div class="drawer-body" tabIndex={0} role="region" aria-label={title}>
        {children}
      </div>
    </dialog>
  );
}

/** Tiles with a large figure each. */
export function Tiles({ tiles }: { tiles: readonly (readonly [figure: string, label: string])[] }) {
  return (
    <ul class="tiles">
      {tiles.map(([figure, label]) => (
        <li key={label}>
          <b>{figure}</b>
          <span>{label}</span>
        </li>
      ))}
    </ul>
  );
}

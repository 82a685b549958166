/** Characters that turn the direction of text, or that nobody sees: shown by their code, or a cell could pretend to be another. */
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A text of data, as it may be shown. */
export const showText = (text: string): string =>
  text.replace(hidden, (letter) => `⟨U+${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

/** A cell as text. */
export const showCell = (cell: unknown): string =>
  cell === null || cell === undefined ? "" : showText(typeof cell === "object" ? JSON.stringify(cell) : String(cell));

/** `1,234`. */
export const formatCount = (count: number): string => count.toLocaleString("en-US");

/** `1 row`, `2 rows`. */
export const formatNumberOf = (count: number, word: string): string =>
  `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;

/** US dollars; small ones with two digits that count. */
export function formatUsd(usd: number | undefined): string {
  if (usd === undefined) return "not known";
  if (usd === 0) return "$0.00";
  if (Math.abs(usd) < 0.01) return `$${usd.toPrecision(2)}`;
  return `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** `12 k`, `3.4 M`. */
export const formatTokens = (count: number): string =>
  count < 10_000
    ? formatCount(Math.round(count))
    : count < 1e6
      ? `${Math.round(count / 1000)} k`
      : `${(count / 1e6).toFixed(1)} M`;

/** `4 min 12 s` */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** A day and a time of the reader's zone. @param ms since 1970 */
export const formatTime = (ms: number): string =>
  new Date(ms).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** `12.3 %`. */
export const formatShare = (share: number | null): string => (share === null ? "–" : `${(share * 100).toFixed(1)} %`);

/** A figure with its interval. */
export const formatFigure = ({
  value,
  low,
  high,
}: {
  value: number | null;
  low: number | null;
  high: number | null;
}): string =>
  value === null ? "not defined" : `${value.toFixed(3)} (${low?.toFixed(3) ?? "–"} to ${high?.toFixed(3) ?? "–"})`;

/** Four digits that count. */
export const formatNumber = (value: number): string =>
  Number.isInteger(value) ? formatCount(value) : value.toLocaleString("en-US", { maximumSignificantDigits: 4 });

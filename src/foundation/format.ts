// As toLocaleString("en-US") writes it, without its data: to load that takes half as long as to start Node.
const group = (whole: string): string => whole.replace(/\B(?=(?:\d{3})+$)/g, ",");

/** `10,003` */
export function formatCount(count: number): string {
  return Number.isSafeInteger(count) ? group(String(count)) : count.toLocaleString("en-US");
}

/** `3 jobs`, `1 job` */
export function formatNumberOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** Dollars with cents; below a cent with as many digits as it takes. */
export function formatUsd(usd: number): string {
  if (usd === 0) return "$0.00";
  if (usd < 0.01) return `$${usd.toPrecision(2)}`;
  // Not toFixed: it rounds what the binary number really is, $1.005 to $1.00.
  const [whole = "", fraction = ""] = String(usd).split(".");
  const cents = Number(fraction.slice(0, 2).padEnd(2, "0")) + ((fraction[2] ?? "0") >= "5" ? 1 : 0);
  return `$${formatCount(Number(whole) + (cents === 100 ? 1 : 0))}.${String(cents % 100).padStart(2, "0")}`;
}

/** `870 B`, `4.4 MB`: powers of ten, as disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `9 s`, `4 min 10 s`, `3 h 20 min` */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1.2 M` tokens */
export function formatTokens(tokens: number): string {
  if (tokens < 10_000) return formatCount(Math.round(tokens));
  if (tokens < 1_000_000) return `${Math.round(tokens / 1000)} k`;
  return `${(tokens / 1_000_000).toFixed(tokens < 10_000_000 ? 2 : 1)} M`;
}

/** `12 %`, `0.3 %`, `< 0.1 %` */
export function sayShare(count: number, total: number): string {
  const percent = (count / Math.max(1, total)) * 100;
  if (count === 0 || percent >= 9.95 || Number.isInteger(percent))
    return `${percent > 99.5 && count < total ? "> 99" : Math.round(percent)} %`;
  return percent < 0.1 ? "< 0.1 %" : `${percent.toFixed(1)} %`;
}

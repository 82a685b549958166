import { findNearest } from "../nearest-name.ts";
import { type Effort, efforts, type Thinking, type TokenPrice } from "../types/index.ts";

/** @returns the zone's name as the IANA database has it */
export function parseTimezone(name: string | undefined, problems: string[]): string | undefined {
  if (name === undefined) return undefined;
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const found = zones.find((zone) => zone.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    const near = findNearest(name, zones);
    const hint = near === undefined ? "" : `; the nearest is ${near}`;
    problems.push(
      `--timezone is ${JSON.stringify(name)}; it has to be UTC or an IANA name such as Europe/Berlin${hint}`,
    );
  }
  return found;
}

/** Dollars per million tokens, in and out. */
export function parsePrice(text: string | undefined, problems: string[]): TokenPrice | undefined {
  if (text === undefined) return undefined;
  const found = /^\$?(\d+(?:\.\d+)?)\/\$?(\d+(?:\.\d+)?)$/.exec(text.trim());
  if (found !== null) return { inputUsd: Number(found[1]), outputUsd: Number(found[2]) };
  problems.push(`--price is ${JSON.stringify(text)}; it has to be dollars per million tokens, in and out: 0.55/2.75`);
  return undefined;
}

/** `on`, `off`, or the most tokens of it. */
export function parseThinking(text: string | undefined, problems: string[]): Thinking | undefined {
  if (text === undefined) return undefined;
  if (text === "on" || text === "off") return text;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  problems.push(`--thinking is ${JSON.stringify(text)}; it has to be on, off, or a whole number of tokens from 1`);
  return undefined;
}

/** How much a model is to put into an answer; undefined where nothing is said. */
export function parseEffort(text: string | undefined, problems: string[]): Effort | undefined {
  const effort = efforts.find((each) => each === text);
  if (text !== undefined && effort === undefined)
    problems.push(`--effort is ${JSON.stringify(text)}; it has to be one of ${efforts.join(", ")}`);
  return effort;
}

/** The service's characters and lengths of tags: API reference of Tag, read 2026-11-21. */
export function parseTags(pairs: readonly string[], problems: string[]): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const pair of pairs) {
    const found = /^([a-zA-Z0-9\s._:/=+@-]{1,128}?)=([a-zA-Z0-9\s._:/=+@-]{0,256})$/.exec(pair);
    if (found === null) problems.push(`--tag is ${JSON.stringify(pair)}; it has to be key=value`);
    else tags[found[1] ?? ""] = found[2] ?? "";
  }
  return tags;
}

import type { Matching } from "../foundation/types/index.ts";

/** What an answer has of its gold, label by label. */
export interface Scored {
  readonly isRight: boolean;
  /** Labels that both have; those that the answer alone has; those that gold alone has. */
  readonly hits: readonly string[];
  readonly extra: readonly string[];
  readonly missed: readonly string[];
  /** With `number`: how far the answer is from gold; undefined where one of them is no number. */
  readonly distance?: number;
}

/** @param answer null where the row has none: then all of gold is missed */
export type Scorer = (gold: string, answer: string | null) => Scored;

/** Makes the function that compares a row's answer with its gold. */
export function makeScorer({ mode, tolerance = { distance: 0, isRatio: false } }: Matching): Scorer {
  switch (mode) {
    case "exact":
      return scoreLabels((text) => text);
    case "trimmed":
      return scoreLabels((text) => text.trim().replace(/\s+/g, " "));
    case "folded":
      return scoreLabels(fold);
    case "number":
      return (gold, answer) => scoreNumber(gold, answer, tolerance);
    case "set":
      return scoreSets;
    case "spans":
      return scoreSpans;
  }
}

/** White space joined, letters in one case and one form. */
const fold = (text: string): string => text.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();

function scoreLabels(clean: (text: string) => string): Scorer {
  return (gold, answer) => {
    const wanted = clean(gold);
    if (answer === null) return { isRight: false, hits: [], extra: [], missed: [wanted] };
    const given = clean(answer);
    return given === wanted
      ? { isRight: true, hits: [wanted], extra: [], missed: [] }
      : { isRight: false, hits: [], extra: [given], missed: [wanted] };
  };
}

function scoreNumber(
  gold: string,
  answer: string | null,
  { distance, isRatio }: NonNullable<Matching["tolerance"]>,
): Scored {
  const nothing = { hits: [], extra: [], missed: [] };
  const [wanted, given] = [toNumber(gold), answer === null ? Number.NaN : toNumber(answer)];
  const apart = Math.abs(given - wanted);
  if (Number.isNaN(apart)) return { isRight: false, ...nothing };
  // A tolerance of 0.1 is to take 1.1 for 1.0, whose difference is a little more in binary.
  const most = (isRatio ? distance * Math.abs(wanted) : distance) + 1e-12 * Math.max(1, Math.abs(wanted));
  return { isRight: apart <= most, ...nothing, distance: apart };
}

const toNumber = (text: string): number =>
  text.trim() === "" ? Number.NaN : Number(text.trim().replace(/(?<=\d),(?=\d{3})/g, ""));

function scoreSets(gold: string, answer: string | null): Scored {
  const wanted = new Set(parseSet(gold));
  const given = new Set(answer === null ? [] : parseSet(answer));
  const hits = [...wanted].filter((each) => given.has(each));
  const missed = [...wanted].filter((each) => !given.has(each));
  const extra = [...given].filter((each) => !wanted.has(each));
  return { isRight: answer !== null && missed.length + extra.length === 0, hits, extra, missed };
}

/** The members of a set: a JSON array, or words with commas, semicolons or bars between. */
function parseSet(text: string): string[] {
  const listed = parseArray(text);
  const members =
    listed === undefined
      ? text.split(/[,;|]/)
      : listed.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
  return members.map((each) => each.trim()).filter((each) => each !== "");
}

function parseArray(text: string): readonly unknown[] | undefined {
  if (!text.trim().startsWith("[")) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

interface Span {
  readonly label: string;
  readonly words: readonly string[];
  /** Characters from and to, the latter exclusive; undefined where the span is known by its words alone. */
  readonly range: readonly [from: number, to: number] | undefined;
}

/** Each span of gold with the one of the answer that shares most with it: more than half of both together. */
function scoreSpans(gold: string, answer: string | null): Scored {
  const free = answer === null ? [] : parseSpans(answer);
  const hits: string[] = [];
  const missed: string[] = [];
  for (const span of parseSpans(gold)) {
    const ratios = free.map((each) => (each.label === span.label ? findOverlap(span, each) : 0));
    const best = Math.max(0, ...ratios);
    if (best <= 0.5) missed.push(span.label);
    else {
      hits.push(span.label);
      free.splice(ratios.indexOf(best), 1);
    }
  }
  const extra = free.map(({ label }) => label);
  return { isRight: answer !== null && missed.length + extra.length === 0, hits, extra, missed };
}

/** Spans of a JSON array of texts, or of objects with `text`, or `start` and `end`, and perhaps `type`; a text alone is one span. */
function parseSpans(text: string): Span[] {
  const listed = parseArray(text) ?? (text.trim() === "" ? [] : [text]);
  return listed.map((each) => {
    const {
      text: own,
      type,
      label,
      start,
      end,
    } = (typeof each === "object" && each !== null ? each : { text: each }) as Record<string, unknown>;
    const name = type ?? label;
    const range = typeof start === "number" && typeof end === "number" ? ([start, end] as const) : undefined;
    return {
      label: typeof name === "string" ? name : "span",
      words: fold(typeof own === "string" ? own : String(own ?? ""))
        .split(" ")
        .filter((word) => word !== ""),
      range,
    };
  });
}

/** What two spans share, of both together (Dice): of their characters where both say where they are, else of their words. */
function findOverlap(one: Span, other: Span): number {
  if (one.range !== undefined && other.range !== undefined) {
    const shared = Math.min(one.range[1], other.range[1]) - Math.max(one.range[0], other.range[0]);
    const both = one.range[1] - one.range[0] + (other.range[1] - other.range[0]);
    return both <= 0 ? 0 : Math.max(0, (2 * shared) / both);
  }
  const left = [...other.words];
  let shared = 0;
  for (const word of one.words) {
    const at = left.indexOf(word);
    if (at === -1) continue;
    left.splice(at, 1);
    shared += 1;
  }
  const both = one.words.length + other.words.length;
  return both === 0 ? 0 : (2 * shared) / both;
}

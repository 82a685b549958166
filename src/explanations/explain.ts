import type { Explanation, JobCounts, Outcome } from "../foundation/types/index.ts";
import { answerEnds, type EndWords, jobEnds, stopReasons } from "./job-ends.ts";
import { paraphrases } from "./paraphrases.ts";
import { messagePatterns } from "./patterns.ts";

/**
 * A pattern is found as whole words only: `ENOTFOUND` is not in `ResourceNotFoundException`. What AWS and the SDKs put behind
 * the name of an error is no other word.
 */
const compileRules = makeOnce(() =>
  messagePatterns.map((entry) => ({
    entry,
    pattern: new RegExp(
      `(?<!\\w(?=\\w))(?:${entry.pattern.source})(?!(?<=\\w)(?!(?:Exception|Error|Fault)(?!\\w))\\w)`,
      "is",
    ),
  })),
);

/** Patterns are compiled when the first message is to be explained: most commands explain none. */
function makeOnce<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Every rule that fits a message; the first one explains it. For tests of the table. */
export function findRules(message: string): string[] {
  const text = message.replaceAll("’", "'");
  return compileRules().flatMap(({ entry, pattern }) => (pattern.test(text) ? [entry.id] : []));
}

/** What any refusal of IAM's says of itself. */
const principal = /User: (\S+) is not authorized/;
const target = /on resource: "?([^\s"]+)"?/;

/**
 * What a message means and what to do, or undefined where nobody has seen it yet.
 * @param message from anywhere: a call's answer with or without its error type, a job's `message`, a record's error
 */
export function explainMessage(message: string): Explanation | undefined {
  const text = message.replaceAll("’", "'");
  // A stop reason alone is what somebody reads off an answer.
  const reason = stopReasons[text.trim().toLowerCase()];
  if (reason !== undefined) return { ...answerEnds[reason] };
  for (const { entry, pattern } of compileRules()) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const caught = {
      ...match.groups,
      who: principal.exec(text)?.[1],
      resource: target.exec(text)?.[1],
    };
    const fill = (words: string): string => fillWords(words, caught);
    return { id: entry.id, cause: fill(entry.cause), fix: fill(entry.fix) };
  }
  return undefined;
}

/** Each word of a paraphrase as a whole one. */
const compileParaphrases = makeOnce(() =>
  paraphrases.map(({ words, ...rest }) => ({
    ...rest,
    words: words.map((word) => new RegExp(`(?<!\\w)(?:${word.source})(?!\\w)`, "i")),
  })),
);

/**
 * What somebody means who tells one of the commonest messages in words of their own; for people only: what a service says is compared
 * with its own words alone.
 * @returns undefined where the words fit none
 */
export function explainParaphrase(message: string): Explanation | undefined {
  const text = message.replaceAll("’", "'").replaceAll(/n't\b/g, " not");
  const found = compileParaphrases().find(({ words }) => words.every((word) => word.test(text)));
  const words = found?.instead ?? messagePatterns.find(({ id }) => id === found?.id);
  if (found === undefined || words === undefined) return undefined;
  const { cause, fix } = words;
  const caught = { who: undefined, resource: undefined, key: undefined, ...found.caught };
  return { id: found.id, cause: fillWords(cause, caught), fix: fillWords(fix, caught) };
}

/** `{name}`, `{name|words where there is none}`, `{name?words where there is one}`. */
function fillWords(words: string, caught: Readonly<Record<string, string | undefined>>): string {
  return words
    .replace(/\{(\w+)(?:([|?])([^}]*))?\}/g, (whole, name: string, sign: string | undefined, other: string) => {
      if (!(name in caught)) return whole;
      const value = caught[name]?.replace(/[.,;:'"]+$/, "");
      if (sign === "?") return value === undefined || value === "" ? "" : other;
      return value === undefined || value === "" ? (sign === "|" ? other : "") : value;
    })
    .replace(/ {2,}/g, " ");
}

/** How a job ended, as far as its explanation needs it. */
export interface EndedJob {
  readonly status: string;
  readonly message: string | undefined;
  readonly counts: JobCounts | undefined;
  /** Whether any record has a line in its output. */
  readonly hasOutput: boolean;
}

/** Why a job did not end well, or undefined where it did or has not ended. */
export function explainJob({ status, message, counts, hasOutput }: EndedJob): Explanation | undefined {
  const known = message === undefined ? undefined : explainMessage(message);
  switch (status) {
    case "Failed":
      return known ?? jobEnds.failed;
    case "Expired":
      return hasOutput ? jobEnds.expiredWithOutput : jobEnds.expiredEmpty;
    case "Stopped":
      return jobEnds.stopped;
    case "PartiallyCompleted":
      return jobEnds.partly;
    case "Completed":
      if (counts === undefined || counts.total === 0 || counts.success > 0) return known;
      return fillEnd(jobEnds.noSuccess, { total: counts.total.toLocaleString("en-US") });
    default:
      return undefined;
  }
}

/** The same with a run's id in its commands, where `RUN` stands for one. */
export function nameRun(explanation: Explanation, runId: string): Explanation {
  return { ...explanation, fix: explanation.fix.replaceAll(/\bRUN\b/g, runId) };
}

/** What 0 of 0 means. */
export const notCounted: Explanation = jobEnds.notCounted;

/** Why a row has no answer. @param message the row's error */
export function explainOutcome(outcome: Outcome, message: string): Explanation | undefined {
  if (outcome === "error") return explainMessage(message);
  if (outcome === "truncated" && message.includes("context window")) return answerEnds.context_full;
  return outcome in answerEnds ? answerEnds[outcome as keyof typeof answerEnds] : undefined;
}

const fillEnd = (end: EndWords, values: Readonly<Record<string, string>>): Explanation => ({
  id: end.id,
  cause: fillWords(end.cause, values),
  fix: fillWords(end.fix, values),
});

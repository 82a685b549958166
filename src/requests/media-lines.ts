import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { MediaKind, RecordSummary } from "../foundation/types/index.ts";
import { makeInputLine } from "../lines/line-format.ts";
import { readLines } from "../lines/read-lines.ts";
import { findFileProblem } from "../media/check-media.ts";
import type { MediaSource, MediaStore } from "../media/media-store.ts";
import { findMediaRule, type MediaRule } from "../models/rules/media-rules.ts";
import type { RequestShape } from "./body-sql.ts";
import { type FoundPart, MediaBodies } from "./media-body.ts";
import { noLine } from "./record-files.ts";

/** A part of a row's prompt as the engine wrote it. */
export type ContentPart =
  | { readonly text: string }
  | { readonly image: MediaSource }
  | { readonly document: MediaSource; readonly name?: string };

/** A row's prompt as the engine wrote it. */
export interface RowContent {
  /** Which of the row's answers it asks for, from 1. */
  readonly n: number;
  readonly parts: readonly ContentPart[];
}

/** What became of the rows' pictures and documents. */
export interface MediaOutcome {
  readonly media: NonNullable<RecordSummary["media"]>;
  /** Of all lines, those of rows that repeat others included. */
  readonly mediaTokens: number;
  readonly failures: NonNullable<RecordSummary["mediaFailures"]> | undefined;
}

/** Rows with a problem that are named. */
const namedRows = 10;

/**
 * Finds and checks the files of every row, and writes the rows' requests, with marks in place of the files' contents: a line a row.
 * @param contents the file of what the engine rendered
 * @param onMediaError what becomes of a row whose file is missing, broken, or not as the model takes it
 * @throws BAD_MEDIA, MEDIA_NOT_TAKEN
 */
export async function writeMediaLines(
  contents: string,
  target: string,
  shape: RequestShape,
  store: MediaStore,
  onMediaError: "fail" | "skip" = "fail",
): Promise<MediaOutcome> {
  const { family, baseId } = shape;
  const rule = findMediaRule(family.name, baseId);
  if (family.media === undefined || rule === undefined) throw refuseMedia(shape, "image");
  const bodies = new MediaBodies(shape, family.media, rule, (sha256) =>
    readFileSync(join(store.folder, sha256), "utf8"),
  );
  const problems: { row: number; problem: string }[] = [];
  const sums = { rows: 0, failed: 0, tokens: 0 };
  async function* makeLines(): AsyncGenerator<string> {
    for await (const line of readLines(createReadStream(contents))) {
      sums.rows += 1;
      yield `${line === noLine ? noLine : await makeLine(JSON.parse(line) as RowContent)}\n`;
    }
  }
  async function makeLine({ n, parts }: RowContent): Promise<string> {
    const found = await findParts(parts, shape, rule as MediaRule, store);
    if ("parts" in found && found.parts.length === 0) return noLine;
    const made = "problem" in found ? found : bodies.make(found.parts);
    if ("body" in made) {
      sums.tokens += made.tokens;
      return makeInputLine(bodies.nameOf(made.body, n), made.body);
    }
    sums.failed += 1;
    if (problems.length < namedRows) problems.push({ row: sums.rows, problem: made.problem });
    return noLine;
  }
  await pipeline(makeLines(), createWriteStream(target));
  const [first] = problems;
  if (first !== undefined && onMediaError === "fail")
    throw new HalfpriceError("BAD_MEDIA", { badCount: sums.failed, rowCount: sums.rows, problems });
  const { fileCount, sizeBytes } = store;
  return {
    media: { ...bodies.counts, fileCount, sizeBytes },
    mediaTokens: sums.tokens,
    failures: first === undefined ? undefined : { count: sums.failed, row: first.row, reason: first.problem },
  };
}

/** Finds a row's files; texts side by side are one, and blank ones go: the service takes no empty blocks. */
async function findParts(
  parts: readonly ContentPart[],
  shape: RequestShape,
  rule: MediaRule,
  store: MediaStore,
): Promise<{ readonly parts: readonly FoundPart[] } | { readonly problem: string }> {
  const found: FoundPart[] = [];
  for (const part of parts) {
    if ("text" in part) {
      const last = found.at(-1);
      if (last !== undefined && "text" in last) found[found.length - 1] = { text: last.text + part.text };
      else found.push(part);
      continue;
    }
    const kind = "image" in part ? "image" : "document";
    if (rule[kind] === undefined) throw refuseMedia(shape, kind);
    const source = "image" in part ? part.image : part.document;
    const file = await store.find(source, kind);
    const problem = "problem" in file ? file.problem : findFileProblem(file.media, rule);
    if (problem !== undefined) return { problem: `${describeSource(source, kind)} ${problem}` };
    if ("media" in file)
      found.push({ media: file.media, ...("name" in part && part.name !== undefined ? { name: part.name } : {}) });
  }
  return { parts: found.filter((part) => !("text" in part) || part.text.trim() !== "") };
}

const shownLetters = 80;

function describeSource(source: MediaSource, kind: MediaKind): string {
  if (typeof source !== "string") return `the ${kind}`;
  if (source.trim() === "") return `the ${kind}:`;
  return source.length > shownLetters ? `${source.slice(0, shownLetters)}…` : source;
}

/** The refusal of a model, or a form of request, that takes no files of a kind. */
export function refuseMedia({ family, baseId, invocation }: RequestShape, kind: MediaKind): HalfpriceError {
  const isConverseBetter = invocation === "InvokeModel" && findMediaRule("converse", baseId)?.[kind] !== undefined;
  return new HalfpriceError("MEDIA_NOT_TAKEN", { model: baseId, family: family.label, kind, isConverseBetter });
}

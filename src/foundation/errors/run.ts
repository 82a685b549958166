/** Data: what keeps a run from beginning, going on, or ending with every answer. A code is permanent. */
import type { Explanation } from "../types/index.ts";
import { countOf, dollars, dollarsApart, entry, list, nearest } from "./entry.ts";

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
/** `25 minutes`, `1 h 40 min`. */
function sayMinutes(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  return minutes < 60 ? countOf(minutes, "minute") : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
const points = (share: number): string => `${Number((share * 100).toFixed(2))} points`;

/** Errors of a run and of its jobs. */
export const runErrors = {
  PLAN_CHANGED: entry<{ path: string; changes: readonly string[] }>({
    exitCode: 2,
    says: ({ path, changes }) => `What ${path} rests on is not as it was; nothing was sent.\n  ${list(changes)}`,
    fix: ({ path }) => `look at the plan as it is now, and save it again: halfprice plan … --save ${path}`,
    about:
      "A saved plan is what is done, or nothing is: its input, prompt, model, parameters, prices, quotas, account, or what earlier runs have answered has changed since.",
    example: { path: "plan.json", changes: ["the table has 250 rows; it had 240"] },
  }),
  MAX_COST: entry<{
    option: "--max-cost" | "--max-cost-total";
    maxUsd: number;
    spentUsd: number;
    reservedUsd: number;
    upperUsd: number;
  }>({
    exitCode: 2,
    says: ({ option, maxUsd, spentUsd, reservedUsd, upperUsd }) => {
      const [total, max] = dollarsApart(spentUsd + reservedUsd + upperUsd, maxUsd);
      if (spentUsd + reservedUsd === 0) return `This may cost up to ${total}. ${option} allows ${max}.`;
      const before = `With ${dollars(spentUsd)} spent and ${dollars(reservedUsd)} reserved for what is under way that is ${total}.`;
      return `This may cost up to ${dollars(upperUsd)}. ${before} ${option} allows ${max}.`;
    },
    fix: ({ option }) =>
      `lower max_tokens, take fewer rows with --limit, narrow the estimate with --canary 20, or raise ${option}`,
    about:
      "What was spent, what is reserved for jobs in flight, and the upper end of the new estimate are together over a limit that was set: `--max-cost` for this run, `--max-cost-total` for all runs of the workspace in the same account. Nothing was sent.",
    example: { option: "--max-cost", maxUsd: 5, spentUsd: 0, reservedUsd: 0, upperUsd: 7.2 },
  }),
  DEADLINE: entry<{
    /** Milliseconds since 1970, as is `nowMs`. */
    atMs: number;
    nowMs: number;
    recordCount: number;
    neededMs: number;
  }>({
    exitCode: 2,
    says: ({ atMs, nowMs, recordCount, neededMs }) =>
      `The deadline is ${sayMinutes(atMs - nowMs)} away; ${countOf(recordCount, "record")} may need ${sayMinutes(neededMs)} on demand, where no job begins.`,
    fix: () => "give a later --deadline, take fewer rows with --limit, or leave --deadline out",
    about:
      "`--deadline` promises that what no batch job has begun with goes on demand in time. With 4 records a second on demand, which is what is counted on, and a quarter of an hour for jobs to stop, there has to be time for all of them. Nothing was sent.",
    example: { atMs: 1_796_022_000_000, nowMs: 1_796_018_400_000, recordCount: 20_000, neededMs: 5_900_000 },
  }),
  PACK_CANARY: entry<{
    rowsPerRequest: number;
    rowCount: number;
    /** Shares, 0 to 1. */
    packedShare: number;
    singleShare: number;
    worstLoss: number;
    allowed: number;
  }>({
    exitCode: 3,
    says: ({ rowsPerRequest, rowCount, packedShare, singleShare, worstLoss, allowed }) =>
      `With ${rowsPerRequest} rows in a request ${percent(packedShare)} of ${countOf(rowCount, "answer")} were those of a row alone, which agreed with each other in ${percent(singleShare)}. At worst that is ${points(worstLoss)} less; --pack-tolerance allows ${points(allowed)}. The rest was not sent.`,
    fix: ({ rowsPerRequest }) =>
      `--pack auto takes the most rows that pass; --pack ${rowsPerRequest} without --canary packs all the same`,
    about:
      "A canary asked some rows alone, twice, and packed. Packed answers agreed less with single ones than single ones with each other, by more than was allowed: a model may mix rows up that share a request.",
    example: {
      ...{ rowsPerRequest: 25, rowCount: 500, packedShare: 0.948, singleShare: 0.99 },
      ...{ worstLoss: 0.064, allowed: 0.02 },
    },
  }),
  PACK_LOSS: entry<{ runId: string; recordCount: number; upperUsd: number; leftUsd: number }>({
    exitCode: 4,
    says: ({ recordCount, upperUsd, leftUsd }) =>
      `${countOf(recordCount, "row")} came back from shared requests without an answer of ${recordCount === 1 ? "its" : "their"} own. To ask them alone may cost up to ${dollars(upperUsd)}; of what the plan said at most ${dollars(Math.max(0, leftUsd))} is left.`,
    fix: ({ runId }) => `halfprice retry ${runId} shows the price and asks; --pack with fewer rows loses less`,
    about:
      "Rows that a shared request lost are asked again alone, by themselves, within the upper estimate of the plan. Where many were lost that is not enough, and nothing more is sent without a question.",
    example: { runId: "20260314-093000-k3x9a", recordCount: 8200, upperUsd: 4.1, leftUsd: 1.3 },
  }),
  JOB_FAILED: entry<{ runId: string; failed: readonly string[]; explanation?: Explanation | undefined }>({
    exitCode: 3,
    says: ({ failed }) => `Not every job of this run ended well; what there is was collected.\n  ${list(failed)}`,
    why: ({ explanation }) => explanation?.cause,
    fix: ({ runId, explanation }) =>
      explanation?.fix ?? `halfprice show ${runId} has the causes; fix them, then: halfprice retry ${runId}`,
    about: "A job ended Failed, Stopped, Expired or PartiallyCompleted.",
    example: { runId: "20260314-093000-k3x9a", failed: ["job 8x2k41m0q7zt: Expired"] },
  }),
  MISSING_ANSWERS: entry<{
    runId: string;
    missing: number;
    allowed: number;
    /** Of the most frequent cause. */
    explanation?: Explanation | undefined;
  }>({
    exitCode: 4,
    says: ({ missing, allowed }) =>
      `${countOf(missing, "row")} ${missing === 1 ? "has" : "have"} no answer; --allow-missing allows ${allowed.toLocaleString("en-US")}.`,
    why: ({ explanation }) => explanation?.cause,
    fix: ({ runId, explanation }) =>
      explanation === undefined
        ? `halfprice show ${runId} groups them by cause`
        : `${explanation.fix}   (all causes: halfprice show ${runId})`,
    about: "The run is done and its table is written, but more rows than allowed have no answer.",
    example: { runId: "20260314-093000-k3x9a", missing: 12, allowed: 0 },
  }),
  STILL_RUNNING: entry<{ runId: string; waiting: number }>({
    exitCode: 5,
    says: ({ waiting }) => `${waiting} ${waiting === 1 ? "job is" : "jobs are"} still under way.`,
    fix: ({ runId }) => `halfprice resume ${runId} waits for the rest`,
    about: "`collect` and `--detach` do not wait.",
    example: { runId: "20260314-093000-k3x9a", waiting: 2 },
  }),
  UNKNOWN_RUN: entry<{ run: string; workspace: string; nearest?: string | undefined }>({
    exitCode: 2,
    says: ({ run, workspace, nearest: other }) => `There is no run ${run} in ${workspace}.${nearest(other)}`,
    fix: () => "halfprice runs lists them; --workspace names another folder",
    about: "The run's id or name is not in this workspace's ledger.",
    example: { run: "reveiws", workspace: ".halfprice", nearest: "reviews" },
  }),
  AMBIGUOUS_RUN: entry<{ run: string; matches: readonly string[] }>({
    exitCode: 2,
    says: ({ run, matches }) => `${run} could be any of: ${matches.join(", ")}.`,
    fix: () => "give more of the id",
    about: "The start of an id, or a name, fits several runs.",
    example: { run: "2026", matches: ["20260314-093000-k3x9a", "20260315-101500-p0b2c"] },
  }),
  RUN_BUSY: entry<{ runId: string; pid: number; host: string }>({
    exitCode: 2,
    says: ({ runId, pid, host }) => `The run ${runId} is being worked on by process ${pid} on ${host}.`,
    fix: ({ runId }) => `halfprice resume ${runId} shows what that one does, and goes on in its place when it is gone`,
    about: "Two processes never work on one run at the same time.",
    example: { runId: "20260314-093000-k3x9a", pid: 4711, host: "laptop" },
  }),
  RUN_UNFINISHED: entry<{ runId: string; state: string }>({
    exitCode: 2,
    says: ({ runId, state }) => `The run ${runId} has not ended; it is ${state}.`,
    fix: ({ runId }) => `halfprice resume ${runId} waits for it; halfprice stop ${runId} ends it`,
    about: "`retry` and `clean` are for runs that have ended: what is under way may still come.",
    example: { runId: "20260314-093000-k3x9a", state: "in flight" },
  }),
  RUN_AWAITED: entry<{ runId: string; by: readonly string[] }>({
    exitCode: 2,
    says: ({ runId, by }) => `The answers of the run ${runId} are awaited by ${by.join(", ")}, which has not ended.`,
    fix: ({ runId, by }) =>
      `halfprice resume ${by[0]} takes them; halfprice clean ${runId} --keep-results leaves them where they are`,
    about:
      "What a run has in flight another run waits for, instead of paying for it again. Until it has the answers they stay.",
    example: { runId: "20260314-093000-k3x9a", by: ["20260315-101500-p0b2c"] },
  }),
  RUN_CLEANED: entry<{ runId: string }>({
    exitCode: 2,
    says: ({ runId }) => `The run ${runId} was cleaned: what this needs of it is gone.`,
    fix: () => "run it again; halfprice clean --keep-results leaves a run's table where it is",
    about: "`clean` removes a run's files. What the run has cost stays known; its rows and answers do not.",
    example: { runId: "20260314-093000-k3x9a" },
  }),
  RUN_DAMAGED: entry<{
    runId: string;
    hasEnded: boolean;
    problem: "gone" | "unreadable";
    path: string;
    reason: string;
  }>({
    exitCode: 2,
    says: ({ runId, problem, path, reason }) =>
      problem === "gone"
        ? `The files of the run ${runId} are gone (${path}); it cannot go on.`
        : `The files of the run ${runId} cannot be read (${path}: ${reason}); it cannot go on.`,
    fix: ({ runId, hasEnded }) =>
      hasEnded
        ? `halfprice clean ${runId} removes what is left of it; the same command begins it anew`
        : `halfprice stop ${runId} gives it up: its jobs are stopped, and the same command begins it anew (until then what its jobs may cost stays reserved: they go on, and what they answer is paid)`,
    about:
      "The folder of a run, or a file in it, was removed, damaged or cut off. What it had sent is known from the ledger; what it was to become is not.",
    example: {
      runId: "20260314-093000-k3x9a",
      hasEnded: false,
      problem: "gone",
      path: ".halfprice/runs/20260314-093000-k3x9a",
      reason: "no such folder",
    },
  }),
  DAMAGED_FILE: entry<{ path: string; reason: string; runId?: string }>({
    exitCode: 2,
    says: ({ path, reason }) => `The file ${path} is damaged: its bytes are not those that were written (${reason}).`,
    fix: ({ runId }) =>
      runId === undefined
        ? "take the file from where it was made, or from a backup; the disk or a copy may have changed it"
        : `take it from a backup; else halfprice clean ${runId} removes what is left of the run, and the same command begins it anew. A table that it wrote elsewhere, with -o, is not affected`,
    about:
      "A Parquet file is whole at its ends, and cannot be read between them: a disk, a sync tool or a copy has changed it.",
    example: {
      path: ".halfprice/runs/20260314-093000-k3x9a/results.parquet",
      reason: "ZSTD Decompression failure",
      runId: "20260314-093000-k3x9a",
    },
  }),
  JOB_UNKNOWN: entry<{ runId: string; jobs: readonly string[]; records: number; where: string }>({
    exitCode: 3,
    says: ({ jobs, records, where }) =>
      `The service does not know ${jobs.length === 1 ? "this job" : "these jobs"} (${countOf(records, "record")}), after several looks at ${where}:\n  ${list(jobs)}`,
    why: () =>
      "The credentials, the region or the endpoint are not those that the run was started with; or the service has deleted the jobs.",
    fix: ({ runId }) =>
      `use the account, region and endpoint of the run, then: halfprice resume ${runId}; to send the records again instead: halfprice stop ${runId} && halfprice retry ${runId}`,
    about:
      "A job that was created is in no list, and Get does not find it. Nothing is reserved for it any more. Where it is seen again, the run goes on with it.",
    example: {
      runId: "20260314-093000-k3x9a",
      jobs: ["8x2k41m0q7zt"],
      records: 3512,
      where: "account 111122223333 in us-east-1",
    },
  }),
  WRONG_ORIGIN: entry<{ runId: string; runOrigin: string; origin: string }>({
    exitCode: 2,
    says: ({ runId, runOrigin, origin }) =>
      `The run ${runId} belongs to ${runOrigin}; this command would use ${origin}.`,
    fix: () => "use the profile, region and endpoint that the run was started with (--local for a simulation)",
    about: "A run is resumed only where it was started: same account, same region, or the local service.",
    example: {
      runId: "20260314-093000-k3x9a",
      runOrigin: "account 111122223333 in us-east-1",
      origin: "the local service",
    },
  }),
  NO_RESULTS: entry<{ runId: string; state: string }>({
    exitCode: 2,
    says: ({ runId, state }) => `The run ${runId} has no results yet; it is ${state}.`,
    fix: ({ runId }) => `halfprice resume ${runId}`,
    about: "`export` needs a run whose results were collected.",
    example: { runId: "20260314-093000-k3x9a", state: "in flight" },
  }),
  TRY_FAILED: entry<{ failed: number; total: number; message: string; explanation?: Explanation | undefined }>({
    exitCode: 3,
    says: ({ failed, total, message }) => `${failed} of ${total} requests got no answer; the first: ${message}`,
    why: ({ explanation }) => explanation?.cause,
    fix: ({ explanation }) => explanation?.fix ?? "fix what the message names, then try again",
    about: "`try` sent its rows on demand, and the service refused some.",
    example: { failed: 1, total: 3, message: "ValidationException: max_tokens is too large" },
  }),
  UNKNOWN_BATCH: entry<{ id: string; workspace: string }>({
    exitCode: 2,
    says: ({ id, workspace }) => `There is no batch ${id} in ${workspace}.`,
    fix: () => "name the workspace in which it was started: bedrockBatch({ workspace })",
    about: "The AI SDK was asked for a batch that this workspace does not have.",
    example: { id: "hpbatch_4f1c", workspace: ".halfprice" },
  }),
  BATCH_NOT_ENDED: entry<{ id: string }>({
    exitCode: 5,
    says: ({ id }) => `The batch ${id} has not ended yet.`,
    fix: () => "ask for its status until it is completed, then for its results",
    about: "The results of a batch of the AI SDK were asked for while its jobs were still under way.",
    example: { id: "hpbatch_4f1c" },
  }),
  CANARY: entry<{ runId: string; asked: number; rest: number; usd: number | undefined; problems: readonly string[] }>({
    exitCode: 3,
    says: ({ asked, rest, usd, problems }) =>
      `Of ${countOf(asked, "record")} that ${asked === 1 ? "was" : "were"} asked first, not all went well; the other ${countOf(rest, "record")} ${rest === 1 ? "was" : "were"} not sent.${usd === undefined ? "" : ` So far ${dollars(usd)}.`}\n  ${list(problems)}`,
    fix: ({ runId }) =>
      `fix it and run again (what was answered is kept); or send the rest as it is: halfprice resume ${runId} --yes; or keep what there is: halfprice stop ${runId}`,
    about:
      "With `--canary n` n random records are asked on demand before the rest. Some were refused, cut off, declined or not of the asked shape, or took far more tokens than estimated: in a job nearly all would.",
    example: {
      runId: "20260314-093000-k3x9a",
      asked: 20,
      rest: 980,
      usd: 0.04,
      problems: ["3 answers are not of the asked shape"],
    },
  }),
  STRUCTURED_REFUSED: entry<{ runId: string; model: string; message: string; jobCount: number }>({
    exitCode: 3,
    says: ({ model, message, jobCount, runId }) =>
      `Bedrock refused every record of a job for its native structured output (${model}): ${message}. The run ${runId} ended with ${countOf(jobCount, "job")}; nothing more is sent.`,
    fix: () =>
      "run it again without --structured native: the schema is asked for in words, and every answer is checked against it",
    about:
      "A run with `--structured native` whose first job came back with the same refusal of every record: the other jobs would end the same way, so they are stopped. Refused records cost nothing.",
    example: {
      runId: "20260314-093000-k3x9a",
      model: "Claude Haiku 4.5",
      message: "output_config.format is not supported",
      jobCount: 1,
    },
  }),
  NO_GOLD: entry<{ column: string; rows: number }>({
    exitCode: 2,
    says: ({ column, rows }) =>
      `None of ${countOf(rows, "row")} has gold in ${column}; there is nothing to compare with.`,
    fix: () =>
      "name the column that holds what is right: --gold <column>, with --gold-file <file> where it is in another table",
    about: "`eval` compares answers with gold; rows where that cell is empty are left out, and here all are.",
    example: { column: "label", rows: 500 },
  }),
  BELOW_TARGET: entry<{ runId: string; problems: readonly string[] }>({
    exitCode: 4,
    says: ({ runId, problems }) =>
      `The answers of the run ${runId} are not shown to be as good as asked:\n  ${list(problems)}`,
    fix: () =>
      "more rows with gold make the interval narrower; a better prompt or model moves it: halfprice eval RUN --against OTHER compares two",
    about:
      "`eval --at-least` goes by the lower end of the 95 % interval: below the number that was asked, the figure may be too low.",
    example: { runId: "20260314-093000-k3x9a", problems: ["accuracy is at least 0.89; 0.92 was asked"] },
  }),
} as const;

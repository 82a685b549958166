/** One record of a job: from its line of the input to its line of the output. */
import type { Faults } from "../../faults/faults.ts";
import { findRecordError, spoilLine } from "../../faults/spoil-line.ts";
import { findSpoiler } from "../../faults/spoil-reply.ts";
import type { Answers } from "../../models/answers/answers.ts";
import { invoke, type Outcome } from "../../models/invoke.ts";
import type { Model } from "../../models/model.ts";
import type { Job } from "../job.ts";
import type { AnswerJournal } from "./answer-journal.ts";
import { fromByteText, toByteText } from "./byte-text.ts";
import { mayNameMedia } from "./media.ts";
import { answeredLine, compactJson, cutModelInput, failedLine, makeRecordId, readRecordText } from "./record-line.ts";
import type { RecordTask } from "./record-task.ts";

export interface AnswerRecordOptions {
  readonly model: Model;
  readonly answers: Answers;
  /** Why every record fails, or undefined: the model cannot be invoked under the name that the job gave (M3, M4). */
  readonly invokeProblem: string | undefined;
  readonly nowMs: () => number;
  readonly faults: Pick<Faults, "hasRecordRules" | "forRecord">;
  /** Why the media that a body names cannot be used, or undefined. */
  readonly findMediaProblem: (body: unknown) => Promise<string | undefined>;
  /** Where answers are kept that took long to make; undefined for simulated ones. */
  readonly journal: AnswerJournal | undefined;
}

/** Makes what answers the records of one job. It adds to the job's counts. */
export function makeRecordAnswerer(
  job: Job,
  options: AnswerRecordOptions,
): (task: RecordTask) => string | Promise<string> {
  const { model, answers, invokeProblem, nowMs, faults, findMediaProblem, journal } = options;
  const hasRules = faults.hasRecordRules(job.name);

  const write = (recordId: string, modelInput: string, outcome: Outcome): string => {
    const { counts } = job;
    if (!outcome.ok) {
      counts.error++;
      return failedLine(recordId, modelInput, outcome.status, outcome.message);
    }
    counts.success++;
    counts.inputTokens += outcome.inputTokens;
    counts.outputTokens += outcome.outputTokens;
    return answeredLine(recordId, modelInput, outcome.json);
  };

  return ({ bytes, text, index }) => {
    const record = readRecordText(bytes);
    const recordId = record.recordId === undefined ? makeRecordId(index) : compactJson(record.recordId);
    // What AWS says of a line without modelInput is unconfirmed; validation lets it pass (sources#requests-that-fail).
    if (record.modelInput === undefined) {
      return write(recordId, "null", { ok: false, status: 400, message: "modelInput: Field required" });
    }
    const modelInput = compactJson(record.modelInput);
    const fail = (status: number, message: string): string =>
      write(recordId, modelInput, { ok: false, status, message });
    if (invokeProblem !== undefined) return fail(400, invokeProblem);
    const fault = hasRules ? faults.forRecord(job.name, JSON.parse(fromByteText(recordId)) as string) : undefined;
    const error = findRecordError(fault);
    if (error !== undefined) return fail(error.errorCode, error.errorMessage);
    const finish = (outcome: Outcome): string => {
      const written = write(recordId, modelInput, outcome);
      return fault === undefined ? written : toByteText(spoilLine(fromByteText(written), fault));
    };
    const earlier = journal?.find(index);
    if (earlier !== undefined) return finish(earlier);
    const body: unknown = JSON.parse(cutModelInput(text, bytes, record));
    const ask = (): Outcome | Promise<Outcome> =>
      invoke(body, {
        model,
        answers,
        shape: job.invocationType,
        batch: true,
        nowMs: nowMs(),
        seed: Math.imul(job.seed + index, 0x9e3779b1),
        spoil: findSpoiler(fault),
      });
    const askWithMedia = async (): Promise<Outcome> => {
      const problem = await findMediaProblem(body);
      return problem === undefined ? await ask() : { ok: false, status: 400, message: problem };
    };
    const outcome = mayNameMedia(modelInput) ? askWithMedia() : ask();
    if (!(outcome instanceof Promise)) return finish(outcome);
    return outcome.then((settled) => {
      journal?.note(index, settled);
      return finish(settled);
    });
  };
}

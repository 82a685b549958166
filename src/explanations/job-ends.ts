/** Data: what is no message and needs an explanation all the same: how a job or an answer ended, and counters of nothing. */

/** What an end means, and what to do. `{count}`, `{total}` and `{status}` are filled in. */
export interface EndWords {
  readonly id: string;
  readonly cause: string;
  readonly fix: string;
}

/** Ends of jobs. Sources: AWS's API model of GetModelInvocationJob; field reports R1, R2, R4, R5, R7, collected 2026-11-21. */
export const jobEnds = {
  noSuccess: {
    id: "COMPLETED_EMPTY",
    cause:
      "The job says Completed, and none of its {total} records has an answer: Completed means that every record was tried, not that one went well.",
    fix: "look at the errors by cause (halfprice show RUN) and fix what they name; halfprice retry RUN sends again what can succeed",
  },
  expiredEmpty: {
    id: "EXPIRED_EMPTY",
    cause: "The service found no capacity for the job before its time was over; nothing was processed or billed.",
    fix: "halfprice retry RUN tries once more; where it happens again, start anew with more time (--timeout-hours 168), in another region, or with another model or profile",
  },
  expiredWithOutput: {
    id: "EXPIRED_PARTLY",
    cause: "The job's time was over before all records were processed; what was done is in the table, and billed.",
    fix: "halfprice retry RUN sends the rest",
  },
  stopped: {
    id: "STOPPED",
    cause: "Somebody stopped the job; what was processed until then is in the table, and billed.",
    fix: "halfprice retry RUN sends the rest",
  },
  partly: {
    id: "PARTIALLY_COMPLETED",
    cause: "Not all records could be processed in the job's time; what was done is in the table, and billed.",
    fix: "halfprice retry RUN sends the rest; where it happens often, start runs with more time (--timeout-hours 168)",
  },
  failed: {
    id: "FAILED_UNKNOWN",
    cause: "The job failed, and halfprice does not know the service's words for it.",
    fix: "halfprice doctor checks what jobs usually fail for; the job's console page (halfprice show RUN) may say more",
  },
  notCounted: {
    id: "NOT_COUNTED",
    cause:
      "The service's counters are 0 until it processes records; in a job that failed early they stay so, and mean nothing.",
    fix: "wait, or look at the job's message",
  },
} as const satisfies Readonly<Record<string, EndWords>>;

/** Ends of answers, by the service's stop reasons; families spell them their own ways. */
export const answerEnds = {
  truncated: {
    id: "TRUNCATED",
    cause: "The answer was cut off at max_tokens: it is not whole, and the same limit would cut it off again.",
    fix: "halfprice retry RUN sends these again with twice the limit; or run them with a larger max_tokens (--max-tokens)",
  },
  context_full: {
    id: "CONTEXT_FULL",
    cause:
      "Prompt and answer together filled the model's context window: the answer is not whole, and a higher max_tokens would not help.",
    fix: "shorten the cell or cut the text before it is sent (--sql with left(text, 20000)); or take a model with a longer context",
  },
  refused: {
    id: "REFUSED",
    cause: "The model or its filter declined to answer; the input tokens are billed all the same.",
    fix: "look at a few of these rows; other words or another model may pass",
  },
  invalid: {
    id: "INVALID",
    cause: "The model answered, but not in the shape that the output schema asks for.",
    fix: "look at _halfprice_raw of a few such rows; say the shape more plainly in the prompt, or loosen the schema",
  },
  missing: {
    id: "MISSING",
    cause: "The job left no line for these rows: it ended before it came to them, or lost them.",
    fix: "why a job ended early stands with the job; when that is fixed: halfprice retry RUN",
  },
} as const satisfies Readonly<Record<string, EndWords>>;

/** Stop reasons that cut an answer off, or hold it back. @see sources#answers-end, collected 2026-11-21 */
export const stopReasons: Readonly<Record<string, keyof typeof answerEnds>> = {
  max_tokens: "truncated",
  length: "truncated",
  model_context_window_exceeded: "context_full",
  content_filtered: "refused",
  content_filter: "refused",
  refusal: "refused",
  guardrail_intervened: "refused",
};

/** Data: how people say the commonest messages in words of their own: the words that all have to be there, in any order. */

import { defined } from "../foundation/defined.ts";
import { jobEnds } from "./job-ends.ts";

/** A way to say a message. */
export interface Paraphrase {
  /** The rule of `messagePatterns` whose cause and fix it has; the end of a job where it has words of its own. */
  readonly id: string;
  /** Each has to be found as a whole word. */
  readonly words: readonly RegExp[];
  /** In place of what the rule's pattern would have caught. */
  readonly caught?: Readonly<Record<string, string>>;
  /** In place of the rule's own, which are about figures that only AWS's words have. */
  readonly instead?: { readonly cause: string; readonly fix: string };
}

const say = (id: string, words: readonly RegExp[], caught?: Readonly<Record<string, string>>): Paraphrase => ({
  id,
  words,
  ...defined({ caught }),
});

const not = /(?:not|no|n't|cannot|can't|cant|unable|fail(?:s|ed)?|denied|missing|lacks?|without|refus(?:es|ed))/;
const model = /models?/;
const access = /(?:access|enabled|permissions?|allowed|authorized|authorised|rights?)/;
const expired = /(?:expired?|expires|timed out|ended|stale)/;
const role = /roles?/;

/** The first that fits is taken; only looked at where no pattern of AWS's own words fits. */
export const paraphrases: readonly Paraphrase[] = [
  say("E01", [/pass(?:ing|role)?/, role, not], { role: "in question" }),
  say("E03", [/assum(?:e|ed|es|ing)/, role, not]),
  say("E02", [/(?:other|another|different|cross)/, /accounts?/, role]),
  say("E17", [/use[- ]case/, /(?:form|details|submitted|submit)/]),
  say("E16", [/(?:marketplace|subscription|agreement)/, /(?:pending|process(?:ed|ing)|progress)/]),
  say("E14", [/(?:marketplace|subscription|subscribe|agreement)/, not]),
  say("H44", [model, /(?:retired|end[- ]of[- ]life|eol|deprecated|discontinued|sunset|shut down)/]),
  say("E18", [model, /legacy/]),
  say("E13", [/on[- ]?demand/, /(?:throughput|inference profile|profile)/], { model: "The model" }),
  say("E11", [/batch/, model, not, /(?:support(?:s|ed)?|available|offered|possible)/]),
  say("E10", [/regions?/, model, not, /(?:support(?:s|ed)?|available|offered)/], {
    model: "The model",
    region: "this region",
  }),
  say("E12", [/(?:invalid|unknown|wrong|not (?:found|valid|exist)|does(?: not|n't) exist)/, model]),
  {
    id: "E22",
    words: [/records?/, /(?:few|fewer|less|minimum|least|enough|below)/],
    instead: {
      cause:
        "The job has fewer records than its model's minimum for batch, 100 for most; the service looks only after the upload.",
      fix: "take more rows into one job; fewer are asked on demand, at the full price: --below-minimum on-demand; halfprice doctor shows the minimum",
    },
  },
  say("E20", [/(?:many|limit|quota|maximum|concurrent)/, /jobs/]),
  {
    id: jobEnds.expiredWithOutput.id,
    words: [/jobs?/, /(?:timed[- ]?out|time[- ]?out|expired?|expires|too long)/],
    instead: {
      cause:
        "The job's time (timeoutDurationInHours: 24 to 168 hours) was over before all records were processed. What was done is in its output and billed; the rest is not.",
      fix: "halfprice retry RUN sends the rest, and collects what is there first; give the next job more time with --timeout-hours 168, or try another region, model or profile where the service found no capacity at all",
    },
  },
  say("H09", [/(?:record|model|request|invocation|inference|it)s?/, /(?:timed[- ]?out|time[- ]?out)/]),
  say("E19", [/job/, /names?/, /(?:exists?|use|used|taken|duplicate)/]),
  say("E72", [model, access, not]),
  say("H43", [/(?:kms|key)/, /kms/, /(?:not found|exist|wrong)/]),
  say("E07", [/(?:kms|encryption)/, not], { action: "GenerateDataKey or kms:Decrypt" }),
  say("H24", [/bucket/, /(?:not found|exist|missing|no such)/]),
  say("H25", [/bucket/, /(?:other|another|different|wrong)/, /region/]),
  say("E27", [role, /(?:write|put|output)/, /(?:s3|bucket|output|prefix)/, not]),
  say("E26", [/(?:read|get|open|access)/, /(?:s3|bucket|input)/, not]),
  say("E38", [/(?:sso|single sign[- ]on|identity center)/, expired]),
  say("E40", [/(?:credentials?|token|session)/, expired]),
  say("H37", [/credentials?/, not]),
  say("H28", [/(?:access )?key/, /(?:invalid|unknown|wrong|not (?:valid|exist))/]),
  say("H29", [/(?:signature|secret)/, /(?:wrong|match(?:es)?|invalid|mismatch)/]),
  say("H05", [/clock/, /(?:wrong|skew(?:ed)?|off|behind|ahead)/]),
  say("E28", [/(?:jsonl?|line|input file)/, /(?:invalid|broken|malformed|parse|parsed|wrong)/], { file: "The input" }),
  {
    id: "E45",
    words: [/(?:max[_ -]?tokens|output tokens)/, /(?:high|large|exceeds?|over|many|limit|above)/],
    instead: {
      cause: "max_tokens is over what the model writes at most.",
      fix: "lower max_tokens in the prompt's front matter, or with --max-tokens; halfprice models shows each model's limit",
    },
  },
  say("H14", [/(?:prompt|input|context)/, /(?:long|large|exceeds?|exceeded|window)/]),
  say("E21", [/tokens?/, /(?:day|daily)/]),
  say("H08", [
    /(?:rate|throttled?|throttling|429|requests)/,
    /(?:limit(?:ed|s)?|throttled?|throttling|many|429|exceeded)/,
  ]),
  say("E59", [/quotas?/, /(?:zero|0|reached|exceeded|used up|exhausted)/]),
  say("H11", [/(?:service|server|bedrock|model)/, /(?:overloaded|unavailable|busy|down|capacity|503)/]),
  say("H10", [/(?:internal|500)/, /(?:error|fault|failure)/]),
];

/** Data: what a model cannot do, and what an account has of it. A code is permanent. */
import { countOf, dollars, entry, list, nearest } from "./entry.ts";

/** Errors of models and requests. */
export const modelErrors = {
  UNKNOWN_MODEL: entry<{ model: string; nearest?: string | undefined }>({
    exitCode: 2,
    says: ({ model, nearest: other }) => `There is no model alias ${model}.${nearest(other)}`,
    fix: () => "halfprice models lists the aliases; a full model id, profile id or ARN goes through as it is",
    about: "The model is neither a known alias nor shaped like an id. Unknown ids and ARNs are passed on.",
    example: { model: "claude-haiku-45", nearest: "claude-haiku-4.5" },
  }),
  UNKNOWN_FAMILY: entry<{
    model: string;
    families: readonly string[];
    /** An application inference profile of which nobody could read which model is behind it. */
    isUnread?: boolean | undefined;
  }>({
    exitCode: 2,
    says: ({ model, families, isUnread }) =>
      isUnread === true
        ? `${model} is an application inference profile, and which model is behind it was not read. Families: ${families.join(", ")}.`
        : `halfprice cannot tell how to write a request for ${model}. Families: ${families.join(", ")}.`,
    fix: ({ families, isUnread }) =>
      isUnread === true
        ? `give the caller bedrock:GetInferenceProfile on it, or name the model or profile that it was made from, or say its family, without a price: --family ${families[0] ?? ""}`
        : `say which family it is of: --family ${families[0] ?? ""}`,
    about: "A model that is not in the catalogue, whose vendor prefix does not tell its family either.",
    example: { model: "acme.chat-v1:0", families: ["anthropic-messages", "nova"] },
  }),
  NO_BATCH: entry<{
    model: string;
    region: string;
    reason: string;
    /** What to use instead, with its price. */
    instead?: string | undefined;
    /** It can be asked on demand, at this price. */
    onDemand?: string | undefined;
    /** It answers no more, on demand neither. */
    isEnded?: boolean | undefined;
  }>({
    exitCode: 2,
    says: ({ model, region, reason }) => `${model} cannot run in batch in ${region}: ${reason}.`,
    fix: ({ instead, onDemand, isEnded }) =>
      [
        instead === undefined ? "halfprice models shows what can, and where" : `use --model ${instead}`,
        ...(isEnded === true ? ["--route on-demand would be refused too: the model answers no more"] : []),
        ...(onDemand === undefined ? [] : [`or ask it one by one at the full price, ${onDemand}: --route on-demand`]),
      ].join("; "),
    about:
      "The model is known to have no batch inference, or none in this region, or has reached the end of its life. With `--route on-demand` one that still answers is asked on demand, at the full price.",
    example: {
      model: "claude-opus-4.1",
      region: "eu-west-1",
      reason: "AWS lists no batch inference of it there",
      instead: "claude-haiku-4.5",
    },
  }),
  GLOBAL_ONLY: entry<{ model: string; region: string; invokeId: string }>({
    exitCode: 2,
    says: ({ model, region, invokeId }) =>
      `From ${region}, ${model} can be called through ${invokeId} only: no profile there keeps the data in a geography, and the global one may send it to any region of AWS.`,
    fix: ({ invokeId }) =>
      `add --allow-global (plan, run, try, setup and doctor take it), or name the profile: --model ${invokeId}`,
    about:
      "A run that was to stay in a geography does not become global by itself, and --yes does not permit it. --allow-global (plan, run, try, setup, doctor; allowGlobal in a spec) does, and so does a model that is named as global.…. What the account lists wins over the catalogue: halfprice models --refresh.",
    example: {
      model: "claude-haiku-4.5",
      region: "sa-east-1",
      invokeId: "global.anthropic.claude-haiku-4-5-20251001-v1:0",
    },
  }),
  NO_PROFILE: entry<{ model: string; region: string; id: string; isListed: boolean; others: string }>({
    exitCode: 2,
    says: ({ model, region, isListed, others }) =>
      isListed
        ? `AWS's pages disagree on ${model} in ${region}: its table of batch models lists the region, and the model's card has no inference profile that can be called from there. Profiles that are known are called from ${others}.`
        : `No inference profile of ${model} is known that can be called from ${region}; those that are known are called from ${others}.`,
    fix: ({ region, id }) =>
      `halfprice models --refresh --region ${region} asks the account, whose list wins; or name the profile: --model <prefix>.${id}`,
    about:
      "Which profiles a region can call is told by the model's card and by the account; a region's name says nothing of it, so nothing is guessed.",
    example: {
      model: "claude-haiku-4.5",
      region: "af-south-1",
      id: "anthropic.claude-haiku-4-5-20251001-v1:0",
      isListed: false,
      others: "us-east-1, eu-west-1",
    },
  }),
  REFUSED_PARAMETER: entry<{ model: string; problems: readonly string[] }>({
    exitCode: 2,
    says: ({ model, problems }) => `${model} would refuse every record:\n  ${list(problems)}`,
    fix: () => "take the parameter out of the prompt's front matter, or lower it",
    about: "A parameter that the model does not take. A job with it ends Completed with no answers.",
    example: { model: "claude-haiku-4.5", problems: ["max_tokens 100000: at most 64000"] },
  }),
  TOO_FEW_RECORDS: entry<{
    table: string;
    recordCount: number;
    rest: number;
    minimum: number;
    model: string;
    source: string;
    /** Other records of the table have an answer from an earlier run, or will have one. */
    hasEarlier?: boolean;
    onDemandUsd: number | undefined;
  }>({
    exitCode: 2,
    says: ({ table, recordCount, rest, minimum, model, source, hasEarlier }) =>
      `${table} gives ${countOf(recordCount, "record")}${hasEarlier === true ? ` that ${recordCount === 1 ? "has" : "have"} no answer yet` : ""}${rest > 0 ? ` that fit into no job, beside ${rest.toLocaleString("en-US")} that do` : ""}; a batch job for ${model} needs at least ${minimum.toLocaleString("en-US")} (${source}).`,
    fix: ({ onDemandUsd }) =>
      `add rows, or let these run on demand: halfprice run … --below-minimum on-demand  (${onDemandUsd === undefined ? "its price is not known" : `about ${dollars(onDemandUsd)}`})`,
    about:
      "A batch job has a minimum number of records, which the service checks only minutes after the upload. A table below it, or a remainder, can be asked on demand, at the full price.",
    example: {
      table: "reviews.csv",
      recordCount: 40,
      rest: 0,
      minimum: 100,
      model: "claude-haiku-4.5",
      source: "the documented minimum",
      onDemandUsd: 0.12,
    },
  }),
  PRICE_UNKNOWN: entry<{ model: string; option: string }>({
    exitCode: 2,
    says: ({ model, option }) => `The price of ${model} is not known, so ${option} cannot be kept.`,
    fix: () => "give the batch price in dollars per million tokens: --price 0.55/2.75",
    about: "A cost limit was set for a model without a known price, or while a run of one is under way.",
    example: { model: "acme.chat-v1:0", option: "--max-cost" },
  }),
  MODEL_ACCESS: entry<{ model: string; problem: string; fix: string }>({
    exitCode: 3,
    says: ({ model, problem }) => `${model} cannot be used: ${problem}.`,
    fix: ({ fix }) => fix,
    about:
      "The region does not have the model, or the account has not got it: agreement, first-use form and entitlement are told apart.",
    example: {
      model: "claude-haiku-4.5",
      problem: "the account has not agreed to its terms",
      fix: "accept them in the Bedrock console, under Model access",
    },
  }),
  QUOTA_ZERO: entry<{ quota: string; region: string; waits: string; fix: string }>({
    exitCode: 3,
    says: ({ quota, region, waits }) => `The account's quota "${quota}" is 0 in ${region}${waits}.`,
    fix: ({ fix }) => fix,
    about: "New and restricted accounts start with quotas of 0: every job would be refused.",
    example: {
      quota: "Sum of in-progress and submitted batch inference jobs",
      region: "us-east-1",
      waits: "",
      fix: "ask for more in Service Quotas",
    },
  }),
  THROTTLED: entry<{ model: string; answeredCount: number; recordCount: number }>({
    exitCode: 3,
    says: ({ model, answeredCount, recordCount }) =>
      `${model} takes no more requests on demand for now: ${answeredCount} of ${recordCount} were answered before the quota was used up.`,
    fix: () => "wait a minute and try again; Service Quotas has the requests and tokens a minute of the model",
    about:
      "On demand the account's quota of requests or tokens a minute was used up, even after the SDK's adaptive retries.",
    example: { model: "claude-haiku-4.5", answeredCount: 2, recordCount: 3 },
  }),
} as const;

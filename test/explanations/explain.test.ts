import { describe, expect, it } from "vitest";
import {
  explainJob,
  explainMessage,
  explainOutcome,
  explainParaphrase,
  findRules,
} from "../../src/explanations/explain.ts";
import { jobEnds, stopReasons } from "../../src/explanations/job-ends.ts";
import { paraphrases } from "../../src/explanations/paraphrases.ts";
import { messagePatterns } from "../../src/explanations/patterns.ts";
import { isCounted } from "../../src/foundation/counts.ts";
import { readCase } from "../support/case-files.ts";
import { furtherSamples, samples } from "./samples.ts";

const find = (message: string): string | undefined => explainMessage(message)?.id;
const ids = messagePatterns.map(({ id }) => id);

describe("the table of messages", () => {
  it("has the 75 rows of the reports in their order, each with a sample", () => {
    const reported = ids.filter((id) => id.startsWith("E"));
    const wanted = Array.from({ length: 75 }, (_, index) => `E${String(index + 1).padStart(2, "0")}`);
    expect(reported).toEqual(wanted);
    expect(samples.map(({ id }) => id)).toEqual(wanted);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(samples.map(({ id, message }) => [id, message] as const))("explains %s by its own row: %s", (id, message) => {
    expect(find(message)).toBe(id);
    expect(find(message.toUpperCase())).toBe(id);
    expect(find(message.replaceAll("'", "’"))).toBe(id);
  });

  it("has a sample of every further row too, in their order, explained by that row", () => {
    expect(furtherSamples.map(({ id }) => id)).toEqual(ids.filter((id) => id.startsWith("H")));
    expect(furtherSamples.filter(({ id, message }) => find(message) !== id)).toEqual([]);
  });

  /** Rules that fit another rule's sample as well, behind the one that explains it: the general after the special. */
  const alsoFits = new Set([
    ...["E01 E08", "E34 E35", "E36 H05", "E46 H12", "E47 E48", "E47 H17", "E48 H17", "E49 H17", "E74 H07"],
    ...["H01 E01", "H01 E05", "H06 E70"],
  ]);

  it("takes no sample of another row, but for the general rules that stand behind a special one", () => {
    const fits = [...samples, ...furtherSamples].flatMap(({ id, message }) =>
      findRules(message).flatMap((other) => (other === id ? [] : [`${id} ${other}`])),
    );
    expect(fits.filter((pair) => !alsoFits.has(pair))).toEqual([]);
    for (const pair of fits) {
      const [id = "", other = ""] = pair.split(" ");
      expect(ids.indexOf(id), pair).toBeLessThan(ids.indexOf(other));
    }
  });

  it("finds a pattern as a whole word only", () => {
    expect(find("ResourceNotFoundException: something of which nothing is known")).toBeUndefined();
    expect(find("getaddrinfo ENOTFOUND sts.eu-west-9.amazonaws.com")).toBe("H33");
    expect(find("NOSUCHBUCKETS are there")).toBeUndefined();
    expect(find("the unforbidden planet")).toBeUndefined();
    expect(find("ServiceUnavailableException")).toBe("H11");
    expect(find(readCase("explain-end-of-life", "message.txt"))).toBe("H44");
  });

  it("leaves no placeholder open and no sentence without an end", () => {
    for (const { message } of samples) {
      const found = explainMessage(message);
      expect(found?.cause, message).toMatch(/^.{15,}[.…]$/s);
      expect(found?.fix.length, message).toBeGreaterThan(10);
      expect(`${found?.cause} ${found?.fix}`, message).not.toMatch(/\{\w+[|?}]|undefined|\$\{/);
    }
  });

  it.each([
    ["E01", "E08", /iam:PassRole/],
    ["E05", "E08", /service control policy/],
    ["E06", "E08", /identity-based policy/],
    ["E47", "E48", /inferenceConfig/],
    ["E20", "E59", /concurrent/],
  ])("has %s before %s", (first, second) => {
    expect(ids.indexOf(first)).toBeLessThan(ids.indexOf(second));
  });

  it("tells what is not allowed from what is denied, for the same action", () => {
    const what =
      "User: arn:aws:iam::111122223333:user/ana is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/Batch";
    expect(find(`${what} because no identity-based policy allows the iam:PassRole action`)).toBe("E01");
    const denied = explainMessage(`${what} with an explicit deny in a service control policy`);
    expect(denied?.id).toBe("H01");
    expect(denied?.cause).toContain("service control policy forbids arn:aws:iam::111122223333:user/ana");
  });

  it("says a quota of jobs, not just a quota, where the words say so", () => {
    expect(find("ServiceQuotaExceededException: reached the quota for number of concurrent invoke-model jobs")).toBe(
      "E20",
    );
    expect(find("ServiceQuotaExceededException: too many tags")).toBe("E59");
  });

  it("carries what a message names into cause and fix", () => {
    const pass = explainMessage(samples[0]?.message ?? "");
    expect(pass?.fix).toContain("exactly .../role/bedrock-batch-inference-role with");
    const few = explainMessage("Batch job x contains less records (10) than the required minimum of: 100");
    expect(few?.cause).toContain("10 records");
    expect(few?.fix).toContain("at least 100");
    const where = explainMessage(
      "Batch inference is not supported for model amazon.nova-lite-v1:0 in region us-west-2",
    );
    expect(where?.cause).toBe("amazon.nova-lite-v1:0 has no batch inference in us-west-2.");
    const limit = explainMessage("The maximum tokens you requested exceeds the model limit of 10000. Try again");
    expect(limit?.fix).toContain("--max-tokens 10000");
    const right = explainMessage(
      'User: arn:aws:iam::1:user/x is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::data/in/a.jsonl" because no identity-based policy allows the s3:PutObject action',
    );
    expect(right?.fix).toContain("s3:PutObject on arn:aws:s3:::data/in/a.jsonl;");
    expect(find("ValidationException: modelId: Extra inputs are not permitted")).toBe("E50");
    expect(explainMessage("modelId: Extra inputs are not permitted")?.fix).toContain("take out modelId;");
  });

  it("does not guess at what it does not know", () => {
    for (const message of ["", "it does not work", "TypeError: x is not a function", "Segmentation fault"])
      expect(find(message)).toBeUndefined();
  });
});

describe("what is no message", () => {
  const job = { message: undefined, counts: undefined, hasOutput: false };
  const counts = { total: 500, processed: 500, success: 0, error: 500 };

  it.each(Object.entries(stopReasons))("is explained too: the stop reason %s", (reason, kind) => {
    expect(explainMessage(reason)?.id).toBe(kind.toUpperCase());
  });

  it("is explained too: a job that says Completed with no success", () => {
    const found = explainJob({ ...job, status: "Completed", counts });
    expect(found?.id).toBe(jobEnds.noSuccess.id);
    expect(found?.cause).toContain("none of its 500 records");
    expect(explainJob({ ...job, status: "Completed", counts: { ...counts, success: 1 } })).toBeUndefined();
  });

  it("is explained too: Expired with and without output, Stopped, PartiallyCompleted, Failed without known words", () => {
    expect(explainJob({ ...job, status: "Expired" })?.id).toBe("EXPIRED_EMPTY");
    expect(explainJob({ ...job, status: "Expired", hasOutput: true })?.id).toBe("EXPIRED_PARTLY");
    expect(explainJob({ ...job, status: "Stopped" })?.id).toBe("STOPPED");
    expect(explainJob({ ...job, status: "PartiallyCompleted" })?.id).toBe("PARTIALLY_COMPLETED");
    expect(explainJob({ ...job, status: "Failed", message: "never seen" })?.id).toBe("FAILED_UNKNOWN");
    expect(
      explainJob({ ...job, status: "Failed", message: "Customer doesn't have permissions to invokeModel" })?.id,
    ).toBe("E24");
    for (const status of ["Submitted", "Validating", "Scheduled", "InProgress", "Stopping"])
      expect(explainJob({ ...job, status })).toBeUndefined();
  });

  it("is explained too: counters of 0 mean nothing yet", () => {
    expect(isCounted(undefined)).toBe(false);
    expect(isCounted({ total: 0, processed: 0, success: 0, error: 0 })).toBe(false);
    expect(isCounted(counts)).toBe(true);
  });

  it("is explained too: every outcome without an answer", () => {
    for (const outcome of ["truncated", "refused", "invalid", "missing"] as const)
      expect(explainOutcome(outcome, "")?.id).toBe(outcome.toUpperCase());
    expect(explainOutcome("error", "anthropic_version: Field required (400)")?.id).toBe("E46");
    expect(explainOutcome("answered", "")).toBeUndefined();
  });
});

describe("a message in words of one's own", () => {
  it.each([
    ["Bedrock cannot assume my service role", "E03"],
    ["user is not allowed to pass the role to bedrock", "E01"],
    ["I don’t have access to this model", "E72"],
    ["the model can't be used on demand, needs an inference profile", "E13"],
    ["batch is not supported for this model", "E11"],
    ["the region does not support this model", "E10"],
    ["job needs at least 100 records", "E22"],
    ["too many batch jobs running at the same time", "E20"],
    ["rate limit exceeded", "H08"],
    ["my SSO login has expired", "E38"],
    ["credentials expired", "E40"],
    ["bucket is in a different region", "H25"],
    ["cannot read the input file in S3, permission denied", "E26"],
    ["role cannot write the output to the bucket", "E27"],
    ["the model is deprecated", "H44"],
    ["max_tokens too high for this model", "E45"],
    ["KMS key denied", "E07"],
    ["marketplace subscription pending", "E16"],
    ["the job timed out", "EXPIRED_PARTLY"],
    ["my batch job expired after 24 hours", "EXPIRED_PARTLY"],
    ["jobs time out", "EXPIRED_PARTLY"],
    ["the model timed out on some rows", "H09"],
  ])("%s", (message, id) => {
    expect(find(message)).toBeUndefined();
    const found = explainParaphrase(message);
    expect([found?.id, `${found?.cause} ${found?.fix}`]).toEqual([id, expect.not.stringMatching(/\{\w+|undefined/)]);
  });

  it("is nobody's where the words say nothing of it", () => {
    for (const text of ["zzz", "the model answered well", "a role for everybody", "records of 1984", "my bucket list"])
      expect([text, explainParaphrase(text)]).toEqual([text, undefined]);
  });

  it("has the texts of a rule that there is, whole without what AWS's words would tell", () => {
    for (const { id, words } of paraphrases) {
      const isJobEnd = Object.values(jobEnds).some((end) => end.id === id);
      expect([id, ids.includes(id) || isJobEnd, words.length > 0]).toEqual([id, true, true]);
      const entry = messagePatterns.find((each) => each.id === id);
      const given = paraphrases.find((each) => each.id === id);
      for (const text of Object.values(given?.instead ?? { cause: entry?.cause, fix: entry?.fix }))
        for (const [, name = ""] of (text ?? "").matchAll(/\{(\w+)\}/g))
          expect([id, ["resource", "key", ...Object.keys(given?.caught ?? {})]]).toEqual([
            id,
            expect.arrayContaining([name]),
          ]);
    }
  });
});

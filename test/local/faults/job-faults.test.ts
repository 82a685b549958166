import { afterEach, describe, expect, it } from "vitest";
import type { FaultPlan, JobFault, RecordRule } from "../../../src/local/faults/fault-plan.ts";
import { recordFaultKinds } from "../../../src/local/faults/fault-plan.ts";
import { makeFaults } from "../../../src/local/faults/faults.ts";
import { runMessages, validationMessages } from "../../../src/local/faults/known-errors.ts";
import { parseFaultPlan } from "../../../src/local/faults/parse-fault-plan.ts";
import { claudeBody, type JobBench, makeInput, makeJobBench, minuteMs } from "../bedrock/job-bench.ts";

let jobs: JobBench;
const open = async (plan: FaultPlan): Promise<void> => {
  jobs = await makeJobBench((bench) => ({ faults: makeFaults(parseFaultPlan(plan), bench.clock) }));
  jobs.bench.objects.put("bucket", "in/a.jsonl", makeInput(200));
};
const openFor = (fault: JobFault): Promise<void> => open({ jobs: [{ fault }] });
afterEach(() => jobs.close());

const outputs = (): string[] =>
  jobs.bench.objects
    .keys("bucket")
    .filter((key) => key.startsWith("out/"))
    .map((key) => key.split("/")[2] ?? "");
const textOf = (arn: string | undefined, name: string): string =>
  jobs.bench.objects.text("bucket", `out/${arn?.slice(-12)}/${name}`) ?? "";

describe("a job under a fault", () => {
  it.each(Object.entries(validationMessages))("fails in validation: %s", async (name, template) => {
    await openFor({ failValidation: name });
    const done = await jobs.finish();
    expect(done).toMatchObject({
      status: "Failed",
      totalRecordCount: 0,
      endTime: new Date("2026-11-21T09:02:00.123Z"),
    });
    expect(done.message).not.toMatch(/\{\w+\}/);
    expect(done.message?.slice(0, 9)).toBe(template.slice(0, 9));
    expect(outputs()).toEqual([]);
  });

  it("fails in validation with any message", async () => {
    await openFor({ failValidation: "Something new" });
    expect((await jobs.finish()).message).toBe("Something new");
  });

  it.each(Object.keys(runMessages))("fails at the end of InProgress: %s", async (name) => {
    await openFor({ end: { status: "Failed", message: name } });
    const arn = await jobs.create();
    await jobs.step(14 * minuteMs);
    expect((await jobs.get(arn)).status).toBe("InProgress");
    await jobs.step(10 * minuteMs);
    expect(await jobs.get(arn)).toMatchObject({ status: "Failed", endTime: new Date("2026-11-21T09:15:00.123Z") });
    expect(outputs()).toEqual([]);
  });

  it.each(["PartiallyCompleted", "Stopped", "Expired", "Completed"] as const)(
    "ends as %s with a part of its records",
    async (status) => {
      await openFor({ end: { status, doneRatio: 0.4 } });
      const done = await jobs.finish();
      expect(done).toMatchObject({ status, processedRecordCount: 80, totalRecordCount: 200 });
      expect(jobs.output(done.jobArn ?? "")).toHaveLength(80);
    },
  );

  it.each(["Submitted", "Validating", "Scheduled"] as const)("sticks in %s until it expires", async (state) => {
    await openFor({ stick: { in: state } });
    const arn = await jobs.create();
    await jobs.step(23 * 60 * minuteMs);
    expect((await jobs.get(arn)).status).toBe(state);
    await jobs.step(2 * 60 * minuteMs);
    expect((await jobs.get(arn)).status).toBe("Expired");
  });

  it("sticks for a while and goes on, or in InProgress with all records answered", async () => {
    await openFor({ stick: { in: "Scheduled", seconds: 3600 } });
    expect(await jobs.finish()).toMatchObject({ status: "Completed", endTime: new Date("2026-11-21T10:15:00.123Z") });
    await jobs.close();
    await openFor({ stick: { in: "InProgress" } });
    const arn = await jobs.create();
    await jobs.step(5 * minuteMs);
    await jobs.step(60 * minuteMs);
    expect(await jobs.get(arn)).toMatchObject({ status: "InProgress", processedRecordCount: 200 });
    await jobs.step(24 * 60 * minuteMs);
    expect(await jobs.get(arn)).toMatchObject({ status: "PartiallyCompleted", processedRecordCount: 200 });
  });

  it("shows a state that no client knows", async () => {
    await openFor({ showAs: { Scheduled: "WarmingUp" } });
    const arn = await jobs.create();
    await jobs.step(3 * minuteMs);
    expect((await jobs.get(arn)).status).toBe("WarmingUp");
  });

  it("writes no manifest, a broken one, or another one", async () => {
    await openFor({ manifest: "missing" });
    await jobs.finish();
    expect(outputs()).toEqual(["a.jsonl.out"]);
    await jobs.close();
    await openFor({ manifest: "broken" });
    const broken = await jobs.finish();
    expect(() => JSON.parse(textOf(broken.jobArn, "manifest.json.out")) as unknown).toThrow(SyntaxError);
    await jobs.close();
    await openFor({ manifest: { successRecordCount: 12, inputAudioSecond: 3 } });
    expect(JSON.parse(textOf((await jobs.finish()).jobArn, "manifest.json.out"))).toMatchObject({
      totalRecordCount: 200,
      successRecordCount: 12,
      inputAudioSecond: 3,
    });
  });

  it("writes its records in the input's order, in several files, or with the last line cut", async () => {
    await openFor({ output: { inOrder: true } });
    const ordered = await jobs.finish();
    expect(jobs.output(ordered.jobArn ?? "").map(({ recordId }) => recordId)).toEqual(
      Array.from({ length: 200 }, (_, index) => `rec_${index}`),
    );
    await jobs.close();
    await openFor({ output: { files: 3 } });
    const split = await jobs.finish();
    expect(outputs()).toEqual(["a-0.jsonl.out", "a-1.jsonl.out", "a-2.jsonl.out", "manifest.json.out"]);
    const counts = [0, 1, 2].map((index) => textOf(split.jobArn, `a-${index}.jsonl.out`).trimEnd().split("\n").length);
    expect(counts).toEqual([67, 67, 66]);
    await jobs.close();
    await openFor({ output: { cutLastLine: true } });
    const text = textOf((await jobs.finish()).jobArn, "a.jsonl.out");
    const lines = text.split("\n");
    expect(lines).toHaveLength(200);
    expect(lines.slice(0, -1).every((line) => JSON.parse(line) !== undefined)).toBe(true);
    expect(() => JSON.parse(lines.at(-1) ?? "") as unknown).toThrow(SyntaxError);
  });

  it("is only the job that the rule names", async () => {
    await open({ jobs: [{ job: "doomed-*", fault: { failValidation: "unexpected" } }] });
    expect((await jobs.finish({ jobName: "doomed-1" })).status).toBe("Failed");
    expect((await jobs.finish({ jobName: "blessed-1" })).status).toBe("Completed");
  });
});

describe("a record under a fault", () => {
  const schema = { type: "object", properties: { mood: { enum: ["happy", "sad"] } }, required: ["mood"] };
  const one = async (fault: RecordRule["fault"]): Promise<{ lines: string[]; manifest: Record<string, number> }> => {
    await open({ records: [{ record: "rec_7", fault }] });
    jobs.bench.objects.put(
      "bucket",
      "in/a.jsonl",
      makeInput(100, () => claudeBody("I am sad", { output_config: { format: { type: "json_schema", schema } } })),
    );
    const { jobArn, status } = await jobs.finish();
    expect(status).toBe("Completed");
    const text = textOf(jobArn, "a.jsonl.out");
    return {
      lines: text.split("\n").filter((line) => line !== ""),
      manifest: JSON.parse(textOf(jobArn, "manifest.json.out")) as Record<string, number>,
    };
  };
  const find = (lines: readonly string[]): string[] => lines.filter((line) => line.includes('"rec_7"'));
  const textIn = (line: string | undefined): { text: string | undefined; stop: string } => {
    const { modelOutput } = JSON.parse(line ?? "") as {
      modelOutput: { content: { text: string }[]; stop_reason: string };
    };
    return { text: modelOutput.content[0]?.text, stop: modelOutput.stop_reason };
  };

  it("is lost without an error, while the manifest counts it", async () => {
    const { lines, manifest } = await one("lost");
    expect(lines).toHaveLength(99);
    expect(manifest).toMatchObject({ successRecordCount: 100 });
  });

  it("comes twice, broken, under another id, or with its error in an odd place", async () => {
    expect(find((await one("doubled")).lines)).toHaveLength(2);
    await jobs.close();
    const broken = (await one("broken")).lines.filter((line) => {
      try {
        JSON.parse(line);
        return false;
      } catch {
        return true;
      }
    });
    expect(broken).toHaveLength(1);
    await jobs.close();
    expect((await one("other-id")).lines.filter((line) => line.endsWith('"recordId":"unknown-record"}'))).toHaveLength(
      1,
    );
    await jobs.close();
    expect(JSON.parse(find((await one("odd-error")).lines)[0] ?? "")).toMatchObject({
      modelOutput: { error: { code: "internal" } },
    });
  });

  it.each([
    ["throttled", 429],
    ["internal", 500],
    ["timeout", 408],
    [{ errorCode: 424, errorMessage: "A word of one's own" }, 424],
  ] as const)("fails: %j", async (fault, errorCode) => {
    const { lines, manifest } = await one(fault);
    expect(JSON.parse(find(lines)[0] ?? "")).toMatchObject({
      error: { errorCode, errorMessage: expect.any(String) as unknown },
    });
    expect(manifest).toMatchObject({ successRecordCount: 99, errorRecordCount: 1 });
  });

  const whole = '{"mood":"sad"}';
  it.each([
    ["refused", undefined, "refusal"],
    ["filtered", undefined, "refusal"],
    ["truncated", whole.slice(0, 7), "max_tokens"],
    ["empty", undefined, "max_tokens"],
    ["fenced", `\`\`\`json\n${whole}\n\`\`\``, "end_turn"],
    ["prose", `Here is the answer you asked for:\n\n${whole}\n\nLet me know if you need anything else.`, "end_turn"],
    ["wrong-shape", '{"result":{"value":"{\\"mood\\":\\"sad\\"}"}}', "end_turn"],
    ["separators", `${whole}\u0085and\u2028so on`, "end_turn"],
  ] as const)("is answered badly: %s", async (fault, text, stop) => {
    expect(textIn(find((await one(fault)).lines)[0])).toEqual({ text, stop });
  });

  it("of every kind has its test here", () => {
    const tested = [
      "lost",
      "doubled",
      "broken",
      "other-id",
      "odd-error",
      "throttled",
      "internal",
      "timeout",
      "refused",
      "filtered",
      "truncated",
      "empty",
      "fenced",
      "prose",
      "wrong-shape",
      "separators",
    ];
    expect([...recordFaultKinds].sort()).toEqual(tested.sort());
    jobs = { ...jobs, close: () => Promise.resolve() };
  });
});

import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { openInput } from "../../src/run/plan/open-input.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { makeSession } from "../../src/workspace/session.ts";
import { openTestEngine } from "../support/engine.ts";
import { findFailure } from "../support/failure.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun, writeTexts } from "../support/local-run.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

const options = parseRunOptions({}, "test");

describe("an earlier run as the input", () => {
  it("gives its rows and answers to the next, which says where they came from; done again, it is the same run", async () => {
    const { folder, session } = await openLocalRun();
    const first = writeTexts(folder, 150);
    const parent = await runToEnd(session, { first, prompt: "Repeat: {{text}}", model: "gpt-oss-20b", name: "first" });
    const judge = { first: "run:first", prompt: "Judge: {{answer}}", model: "claude-haiku-4.5" };
    const prefixed = { ...options, answerPrefix: "judge_" };
    const finished = await runToEnd(session, judge, { answerPrefix: "judge_" });
    expect(finished.run.parent).toEqual({ runId: parent.run.id, name: "first" });
    const [row] = await readResults(finished);
    expect(Object.keys(row ?? {}).slice(0, 4)).toEqual(["id", "text", "answer", "judge_answer"]);
    expect(Object.keys(row ?? {}).filter((name) => name.startsWith("_halfprice"))).toEqual([]);
    const again = await planRun(session, await readRequest({ ...judge, first: `run:${parent.run.id}` }, prefixed));
    const once = await planRun(session, await readRequest(judge, prefixed));
    expect(once.run.fingerprint).toBe(again.run.fingerprint);
  });

  it("works from a spec with fromRun", async () => {
    const { folder, session } = await openLocalRun();
    await runToEnd(session, { first: writeTexts(folder, 110), prompt: "{{text}}", model: "nova-micro", name: "texts" });
    const spec = writeFile(
      folder,
      "judge.batch.ts",
      `import { defineBatch, fromRun } from "halfprice";
       export default defineBatch({
         input: fromRun<{ text: string; answer: string }>("texts"), model: "nova-micro", invocation: "converse",
         output: { type: "object", properties: { score: { type: "integer", minimum: 1, maximum: 5 } }, required: ["score"] },
         prompt: (row) => \`Score \${row.answer}\`,
       });`,
    );
    const finished = await runToEnd(session, { first: spec });
    expect(finished.run).toMatchObject({ parent: { name: "texts" }, invocation: "Converse" });
    expect(finished.summary.outcomeCounts.answered).toBe(110);
  });

  it("that there is not, that has no results, or that was simulated while the new one is real, is refused", async () => {
    const { folder, session } = await openLocalRun();
    const unknown = await findFailure(async () =>
      planRun(session, await readRequest({ first: "run:nothing", prompt: "{{a}}", model: "nova-micro" }, options)),
    );
    expect(unknown.code).toBe("UNKNOWN_RUN");
    const first = writeTexts(folder, 110);
    await runToEnd(session, { first, prompt: "{{text}}", model: "nova-micro", name: "rehearsed" });
    const engine = await openTestEngine(folder);
    const aws = { kind: "aws", accountId: "111122223333", region: "us-east-1" } as const;
    const mixed = await findFailure(() =>
      openInput(makeSession(session.config), engine, { table: "run:rehearsed" }, aws, folder),
    );
    expect(mixed.code).toBe("WRONG_ORIGIN");
  });
});

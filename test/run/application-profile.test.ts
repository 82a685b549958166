/** Runs through an application inference profile: its ARN does not say which model is behind it. */
import { BedrockClient, CreateInferenceProfileCommand } from "@aws-sdk/client-bedrock";
import { expect, it, onTestFinished } from "vitest";
import { diagnose } from "../../src/doctor/doctor.ts";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { account, administrator, ann, bucket, openAccount, roleArn } from "../support/empty-account.ts";
import { findFailure } from "../support/failure.ts";
import { writeTexts } from "../support/local-run.ts";
import { runToEnd } from "../support/run-to-end.ts";

it("setup gives the rights, doctor finds nothing missing, and the run has the price of the model behind it", async () => {
  const { server, folder, setUp, makeUser, openSession } = await openAccount();
  const bedrock = new BedrockClient({ endpoint: server.url, region: "us-east-1", credentials: administrator });
  onTestFinished(() => bedrock.destroy());
  const source = `arn:aws:bedrock:us-east-1:${account}:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0`;
  const input = { inferenceProfileName: "audit", modelSource: { copyFrom: source } };
  const arn = (await bedrock.send(new CreateInferenceProfileCommand(input))).inferenceProfileArn ?? "";
  const keys = await makeUser("ann");
  await setUp({ models: [arn], caller: ann });

  const session = openSession(keys, { bucket, roleArn });
  const asked = openSession(administrator, { bucket, roleArn });
  const { results } = await diagnose(asked, { model: arn }, () => undefined);
  expect(results.filter(({ status }) => status === "fail")).toEqual([]);
  expect(results.find(({ check }) => check === "role-model")?.finding).toContain("3 regions behind it");

  const table = writeTexts(folder, 120);
  const { plan, summary } = await runToEnd(session, { first: table, prompt: "Repeat: {{text}}", model: arn });
  expect(summary.outcomeCounts).toMatchObject({ answered: 120 });
  expect(plan.model).toMatchObject({
    ...{ invokeId: arn, baseId: "anthropic.claude-haiku-4-5-20251001-v1:0", label: "Claude Haiku 4.5", route: "geo" },
    reason: "an application inference profile of anthropic.claude-haiku-4-5-20251001-v1:0, in 3 regions",
  });
  expect(plan.model.prices).toBeDefined();

  // Who may not read the profile is told so; who names another region's is told where it is.
  const blind = openSession(await makeUser("bea"), { bucket, roleArn });
  const refusePlan = async (model: string, of = session) => {
    const request = await readRequest({ first: table, prompt: "{{text}}", model }, parseRunOptions({}, "test"));
    return await findFailure(() => planRun(of, request));
  };
  const unread = await refusePlan(arn, blind);
  expect([unread.code, unread.fix]).toEqual(["UNKNOWN_FAMILY", expect.stringContaining("bedrock:GetInferenceProfile")]);
  const elsewhere = await refusePlan(arn.replace("us-east-1", "us-west-2"));
  expect([elsewhere.code, elsewhere.message]).toEqual(["NO_BATCH", expect.stringContaining("is of us-west-2")]);
});

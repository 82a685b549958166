import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { unzipSync } from "fflate";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { deploy, makeFunction, undeploy } from "../../src/admin.ts";
import { makeZip } from "../../src/deploy/make-zip.ts";
import { startLocal } from "../../src/local/start-local.ts";
import { findFailure } from "../support/failure.ts";
import { startFakeCloudFormation } from "../support/fake-cloudformation.ts";
import { makeFolder } from "../support/folder.ts";
import { clientOptions, placeOn } from "../support/local-place.ts";
import { runCli } from "../support/run-cli.ts";

const workspace = "s3://my-bucket/team";

/** S3 and STS of the local service, and a CloudFormation that makes nothing. */
async function openScene(busyLooks?: number) {
  const folder = makeFolder();
  const server = await startLocal({ seed: 1 });
  onTestFinished(() => server.close());
  const place = await placeOn(server);
  const formation = await startFakeCloudFormation(busyLooks);
  const env = {
    ...place.env,
    AWS_ENDPOINT_URL_CLOUDFORMATION: formation.url,
    HALFPRICE_COPIES: join(folder, "copies"),
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const s3 = new S3Client({ ...clientOptions(server), forcePathStyle: true });
  onTestFinished(() => s3.destroy());
  return { folder, server, formation, env, s3, run: (...args: string[]) => runCli(args, folder, env) };
}

describe("deploy", () => {
  it("puts the code into the workspace and makes the stack, changes it, keeps it, and takes it away", async () => {
    const { formation, s3 } = await openScene();
    const plans: boolean[] = [];
    const confirm = (plan: { isThere: boolean }): boolean => {
      plans.push(plan.isThere);
      return true;
    };
    const made = await deploy({ workspace, configFile: false, confirm });
    expect(made).toMatchObject({ isApplied: true, action: "create", outputs: { LogGroup: "/aws/lambda/x" } });
    const stack = formation.stacks.get("halfprice");
    expect(stack).toMatchObject({
      capabilities: ["CAPABILITY_NAMED_IAM"],
      tags: { "halfprice:workspace": workspace },
    });
    expect(JSON.parse(stack?.template ?? "")).toEqual(made.template);
    const Key = made.codeUri.slice("s3://my-bucket/".length);
    expect(made.template.Resources["Function"]?.Properties["Code"]).toEqual({ S3Bucket: "my-bucket", S3Key: Key });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "my-bucket", Key }));
    const files = unzipSync((await Body?.transformToByteArray()) ?? new Uint8Array());
    const bundle = readFileSync(new URL("../../dist/deploy/function/index.cjs", import.meta.url));
    expect(Object.keys(files)).toEqual(["index.js"]);
    expect(Buffer.from(files["index.js"] ?? []).equals(bundle)).toBe(true);

    expect((await deploy({ workspace, configFile: false, confirm })).action).toBe("keep");
    const changed = await deploy({ workspace, configFile: false, confirm, scheduleMinutes: 15 });
    expect([changed.action, changed.before]).toEqual(["update", made.template]);
    expect(plans).toEqual([false, true, true]);

    const removed = await undeploy({ configFile: false, confirm: () => true });
    expect(removed).toEqual({ name: "halfprice", action: "remove", isApplied: true });
    expect(formation.stacks.size).toBe(0);
    expect((await undeploy({ configFile: false, confirm: () => true })).action).toBe("gone");
  });

  it("makes nothing unless it is told to", async () => {
    const { formation, s3 } = await openScene();
    const plan = await deploy({ workspace, configFile: false });
    expect(plan).toMatchObject({ isApplied: false, action: "create" });
    const Key = plan.codeUri.slice("s3://my-bucket/".length);
    await expect(s3.send(new GetObjectCommand({ Bucket: "my-bucket", Key }))).rejects.toThrow(
      /NoSuchKey|does not exist/,
    );
    expect(formation.calls).toEqual(["DescribeStacks"]);
  });

  it("waits for the end, says what failed and why, and makes anew what was not made", async () => {
    const { formation } = await openScene(1);
    const reason =
      "Specified ReservedConcurrentExecutions decreases account's UnreservedConcurrentExecution below its minimum value";
    formation.failNext({ Function: reason, Timer: "Resource creation cancelled" });
    const options = { workspace, configFile: false, confirm: () => true } as const;
    const error = await findFailure(() => deploy(options));
    expect(error.details).toMatchObject({
      stack: "halfprice",
      state: "ROLLBACK_COMPLETE",
      reasons: [`Function: ${reason}`],
    });
    expect((await deploy(options)).action).toBe("create");
    expect(formation.calls.filter((call) => /^(Create|Delete|Update)/.test(call))).toEqual([
      "CreateStack",
      "DeleteStack",
      "CreateStack",
    ]);
  });

  it.each([
    [{ workspace: ".halfprice" }, "WORKSPACE_NOT_SHARED", /halfprice deploy works where nobody's machine has to be on/],
    [
      { workspace, scheduleMinutes: 0 },
      "BAD_OPTIONS",
      /scheduleMinutes is 0; it has to be a whole number from 1 to 1440/,
    ],
    [{ workspace, name: "9 lives" }, "BAD_OPTIONS", /name is "9 lives"/],
    [{ workspace, notifyTopic: "alarms" }, "BAD_OPTIONS", /notifyTopic is "alarms"; it has to be the ARN/],
    [{ workspace, local: true }, "BAD_OPTIONS", /the local service has no Lambda/],
  ])("refuses %j", async (options, code, words) => {
    await openScene();
    const error = await findFailure(() => deploy({ ...options, configFile: false, confirm: () => true }));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(words)]);
  });

  it("makes the same archive of the same code, whenever and wherever", async () => {
    const before = makeZip(Buffer.from("code"));
    vi.useFakeTimers({ now: Date.now() + 400 * 24 * 3600_000 });
    vi.stubEnv("TZ", "Pacific/Auckland");
    onTestFinished(() => {
      vi.useRealTimers();
      vi.unstubAllEnvs();
    });
    expect(Buffer.from(makeZip(Buffer.from("code"))).equals(before)).toBe(true);
  });

  it("is shown before it is applied by the command, and asked for", async () => {
    const { run, formation, folder } = await openScene();
    const asked = await run("deploy", "--workspace", workspace);
    expect(asked.code).toBe(2);
    expect(asked.stdout).toContain("AWS::Lambda::Function");
    expect(asked.stdout).toContain('"Sid": "AskInTime"');
    expect(asked.stderr).toContain("--yes");
    expect(formation.stacks.size).toBe(0);
    const made = await run("deploy", "--workspace", workspace, "--yes", "--json", "--schedule-minutes", "10");
    expect([made.code, JSON.parse(made.stdout)]).toMatchObject([0, { name: "halfprice", action: "create", workspace }]);
    const printed = await run("deploy", "--workspace", workspace, "--print", "function");
    expect(printed).toMatchObject({ code: 0 });
    expect(printed.stdout).toContain(
      "aws cloudformation deploy --stack-name halfprice --template-file function/template.json",
    );
    const { template, zip } = await makeFunction({ workspace, configFile: false });
    expect(JSON.parse(readFileSync(join(folder, "function/template.json"), "utf8"))).toEqual(template);
    expect(readFileSync(join(folder, "function/function.zip")).equals(Buffer.from(zip))).toBe(true);
    const wrong = await run("deploy", "--workspace", workspace, "--yes", "--schedule-minutes", "0");
    expect(wrong.stderr).toContain("--schedule-minutes is 0; it has to be a whole number from 1 to 1440");
    const gone = await run("deploy", "--undo", "--yes");
    expect([gone.code, gone.stdout]).toEqual([0, "The stack halfprice is removed.\n"]);
    expect(formation.stacks.size).toBe(0);
  });
});

/** Setup with a role that is there already: somebody's, or a notebook's own. */
import {
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { diagnose } from "../../src/doctor/doctor.ts";
import { type LocalServer } from "../../src/local/index.ts";
import { openSetup } from "../../src/setup/set-up.ts";
import { type Session } from "../../src/workspace/session.ts";
import {
  account,
  administrator,
  ann,
  bucket,
  type EmptyAccount,
  openAccount,
  roleArn,
  usual,
} from "../support/empty-account.ts";
import { findFailure } from "../support/failure.ts";
import { writeTexts } from "../support/local-run.ts";
import { runToEnd } from "../support/run-to-end.ts";

let server: LocalServer;
let folder: string;
let iam: IAMClient;
let openTestSession: EmptyAccount["openSession"];
let setUp: EmptyAccount["setUp"];
beforeEach(async () => {
  ({ server, folder, iam, openSession: openTestSession, setUp } = await openAccount());
});

describe("setup", () => {
  it("compares a role of somebody else's with what a job needs, and leaves it as it is", async () => {
    const document = (statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    // The trust policy that the AWS blog's article prints: it names the account's root, which does not admit Bedrock.
    const toRoot = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "sts:AssumeRole",
    };
    const RoleName = "Mine";
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(toRoot) }));
    const files = { Effect: "Allow", Action: "s3:*", Resource: `arn:aws:s3:::${bucket}/*` };
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "p", PolicyDocument: document(files) }));
    const session = openTestSession(administrator, { roleArn: `arn:aws:iam::${account}:role/Mine` });
    const open = async () => {
      const opened = await openSetup(session, usual, undefined);
      onTestFinished(() => opened.close());
      return opened.plan;
    };
    const { parts: planned, advice } = await open();
    expect(planned.filter(({ key }) => key.kind === "role" || key.kind === "inline-policy")).toEqual([]);
    const [trust, rights] = advice;
    expect(trust?.text).toContain(`its trust policy admits arn:aws:iam::${account}:root, not bedrock.amazonaws.com`);
    expect(trust?.document).toMatchObject({ Principal: { Service: "bedrock.amazonaws.com" } });
    expect([trust?.isNeeded, rights?.isNeeded]).toEqual([true, true]);
    const missing = rights?.document as { Statement: { Sid: string }[] };
    expect(missing.Statement.map(({ Sid }) => Sid)).toEqual(["ListTheRuns", "InvokeTheModel"]);

    // What it says, done, is all that it takes.
    const PolicyDocument = document(trust?.document as object);
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    const more = { RoleName, PolicyName: "more", PolicyDocument: JSON.stringify(missing) };
    await iam.send(new PutRolePolicyCommand(more));
    expect((await open()).advice[0]?.text).toContain("has all that it needs");
  });

  it("refuses a role that is not there, and a caller that is not", async () => {
    const session = openTestSession(administrator, { roleArn: `arn:aws:iam::${account}:role/None` });
    expect((await findFailure(() => setUp({}, session))).code).toBe("ROLE_NOT_FOUND");
    expect((await findFailure(() => setUp({ caller: ann }))).code).toBe("NO_SUCH_CALLER");
  });

  describe("from a notebook", () => {
    const RoleName = "AmazonSageMaker-ExecutionRole-20260101T000000";
    const executionRole = `arn:aws:iam::${account}:role/service-role/${RoleName}`;
    const byNotebook = {
      Effect: "Allow",
      Principal: { Service: "sagemaker.amazonaws.com", AWS: `arn:aws:iam::${account}:user/local` },
      Action: "sts:AssumeRole",
    };
    const document = (...statements: object[]): string =>
      JSON.stringify({ Version: "2012-10-17", Statement: statements });

    /** A session such as a notebook has, of a role that may set up. */
    async function openNotebook(place: Partial<Session["config"]> = {}): Promise<Session> {
      const role = { RoleName, Path: "/service-role/", AssumeRolePolicyDocument: document(byNotebook) };
      await iam.send(new CreateRoleCommand(role));
      const all = document({ Effect: "Allow", Action: ["s3:*", "iam:Get*", "iam:Simulate*"], Resource: "*" });
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "notebook", PolicyDocument: all }));
      const sts = new STSClient({ endpoint: server.url, region: "us-east-1", credentials: administrator });
      const { Credentials } = await sts.send(
        new AssumeRoleCommand({ RoleArn: executionRole, RoleSessionName: "SageMaker" }),
      );
      sts.destroy();
      const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
      const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
      return openTestSession(keys, place);
    }

    it("finds the execution role behind the session, and what it lacks to be the service role too", async () => {
      const notebook = await openNotebook();
      const setup = await openSetup(notebook, usual, undefined);
      onTestFinished(() => setup.close());
      const { callerArn, parts: planned, advice } = setup.plan;
      expect(callerArn).toBe(executionRole);
      expect(planned.map(({ name }) => name)).toContain(`policy ${bucket} of the role ${RoleName}`);
      expect(advice[0]?.text).toContain(`This session's role is ${executionRole}.`);
      expect(advice.slice(1).flatMap((each) => each.document ?? [])).toMatchObject([
        { Principal: { Service: "bedrock.amazonaws.com" }, Action: "sts:AssumeRole" },
        { Action: "iam:PassRole", Resource: executionRole },
      ]);

      // With what it says, one role does for both.
      const [, trust, pass] = advice.map((each) => each.document as object);
      const both = { RoleName, PolicyDocument: document(byNotebook, trust ?? {}) };
      await iam.send(new UpdateAssumeRolePolicyCommand(both));
      const PolicyDocument = document(pass ?? {});
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "pass", PolicyDocument }));
      const again = await openSetup(notebook, usual, undefined);
      onTestFinished(() => again.close());
      expect(again.plan.advice.slice(0, 1)).toEqual([
        {
          text: `This session's role is ${executionRole}. It can be the service role too: halfprice setup --role ${executionRole}`,
        },
      ]);
    });

    it("with --with-doctor lets doctor make every check, and none of them fails", async () => {
      const notebook = await openNotebook();
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "notebook" }));
      await setUp({ caller: executionRole, withDoctor: true });
      const session = { ...notebook, config: { ...notebook.config, bucket, roleArn } };
      const { results } = await diagnose(session, { model: "claude-haiku-4.5" }, () => undefined);
      expect(results.length).toBeGreaterThan(15);
      const blind = /this caller (has no|may not|does not)/;
      expect(results.filter(({ status, finding }) => status === "fail" || blind.test(finding))).toEqual([]);
    });

    it("runs with that one role as caller and service role", async () => {
      const session = await openNotebook({ bucket, roleArn: executionRole });
      const trust = document(byNotebook, {
        Effect: "Allow",
        Principal: { Service: "bedrock.amazonaws.com" },
        Action: "sts:AssumeRole",
      });
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
      // An administrator gives the notebook's role the caller's policy, and what the role of a job lacks.
      const place = { bucket, roleArn: executionRole };
      const setup = await openSetup(
        openTestSession(administrator, place),
        { ...usual, caller: executionRole },
        undefined,
      );
      await setup.apply(() => undefined);
      setup.close();
      const missing = setup.plan.advice.find((each) => each.text.includes("lacks rights"));
      const PolicyDocument = JSON.stringify(missing?.document);
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "service", PolicyDocument }));
      const input = { first: writeTexts(folder, 120), prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
      const { summary } = await runToEnd(session, input);
      expect(summary.outcomeCounts).toMatchObject({ answered: 120 });
    });
  });
});

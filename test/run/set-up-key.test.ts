/** Setup with a KMS key: what it says of the key's own policy, and what it changes when asked. */
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { checkPlace } from "../../src/run/start-and-resume/check-place.ts";
import { openSetup } from "../../src/setup/set-up.ts";
import { openUndo } from "../../src/setup/undo-setup.ts";
import { identify, type Session } from "../../src/workspace/session.ts";
import { account, administrator, ann, bucket, openAccount, roleArn, usual } from "../support/empty-account.ts";
import { findFailure } from "../support/failure.ts";
import { callKms, makeKmsKey } from "../support/kms-client.ts";
import { writeTexts } from "../support/local-run.ts";
import { runToEnd } from "../support/run-to-end.ts";

const byAdministrator = {
  Sid: "Administrator",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${account}:user/local` },
  Action: "kms:*",
  Resource: "*",
};
const closed = { Version: "2012-10-17", Id: "of-the-team", Statement: [byAdministrator] };
const byIam = { ...byAdministrator, Sid: "Iam", Principal: { AWS: `arn:aws:iam::${account}:root` } };

async function open(policy?: object) {
  const opened = await openAccount();
  const keys = await opened.makeUser("ann");
  const kmsKey = await makeKmsKey(opened.server, administrator, policy);
  const readPolicy = async (): Promise<unknown> =>
    JSON.parse(String((await callKms(opened.server, administrator, "GetKeyPolicy", { KeyId: kmsKey }))["Policy"]));
  return { ...opened, keys, kmsKey, readPolicy, session: opened.openSession(administrator, { kmsKey }) };
}
async function plan(session: Session, more: Partial<Parameters<typeof openSetup>[1]> = {}) {
  const setup = await openSetup(session, { ...usual, caller: ann, ...more }, undefined);
  setup.close();
  return setup.plan;
}
const sayOf = ({ advice }: Awaited<ReturnType<typeof plan>>) =>
  advice.filter(({ text }) => text.startsWith("The policy of the key"));

it("says of a key whose policy leaves it to IAM that it is left as it is", async () => {
  const { session, kmsKey } = await open();
  const planned = await plan(session, { changeKeyPolicy: true });
  expect(sayOf(planned).map(({ text }) => text)).toEqual([
    `The policy of the key ${kmsKey} leaves caller and role to IAM, through the account's root; it is left as it is.`,
  ]);
  expect(planned.parts.filter(({ key }) => key.kind === "key-policy")).toEqual([]);
});

it("shows the change of a key's policy, makes it only when asked, and puts it back", async () => {
  const { session, setUp, readPolicy, openSession, keys, kmsKey, folder } = await open(closed);
  const [shown] = sayOf(await plan(session));
  expect(shown?.text).toMatch(/does not let the caller and the role use it.*--change-key-policy/);
  expect(shown).toMatchObject({ isNeeded: true, change: { before: closed } });
  await setUp({ caller: ann }, session);
  expect(await readPolicy()).toEqual(closed);

  const done = await setUp({ caller: ann, changeKeyPolicy: true }, session);
  expect(done.filter((each) => !each.startsWith("keep"))).toEqual([`change policy of the key ${kmsKey}`]);
  expect(await readPolicy()).toEqual(shown?.change?.after);
  expect(await readPolicy()).toMatchObject({
    Id: "of-the-team",
    Statement: [byAdministrator, { Sid: "HalfpriceJobs" }, { Sid: "HalfpriceFiles" }],
  });
  const again = await plan(session, { changeKeyPolicy: true });
  expect(again.parts.filter(({ action }) => action !== "keep").map(({ name }) => name)).toEqual([]);
  expect(sayOf(again)[0]?.text).toMatch(/lets caller and role use the key by name; it is left as it is/);

  const input = { first: writeTexts(folder, 120), prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
  const { summary } = await runToEnd(openSession(keys, { bucket, roleArn, kmsKey }), input);
  expect(summary.outcomeCounts).toMatchObject({ answered: 120 });

  const undo = await openUndo(session);
  expect(undo.steps.find(({ name }) => name.startsWith("policy of the key"))?.action).toBe("restore");
  await undo.apply(() => undefined);
  undo.close();
  expect(await readPolicy()).toEqual(closed);
});

it("leaves a key's policy that somebody changed since, when it is taken back", async () => {
  const { session, server, setUp, readPolicy, kmsKey } = await open(closed);
  await setUp({ caller: ann, changeKeyPolicy: true }, session);
  const changed = { ...closed, Statement: [byAdministrator, byIam] };
  await callKms(server, administrator, "PutKeyPolicy", { KeyId: kmsKey, Policy: JSON.stringify(changed) });
  const undo = await openUndo(session);
  await undo.apply(() => undefined);
  undo.close();
  expect(await readPolicy()).toEqual(changed);
});

it("names a Deny in the key's policy, which no statement more would mend", async () => {
  const deny = { ...byAdministrator, Sid: "NotAnn", Effect: "Deny", Principal: { AWS: ann }, Action: "kms:Decrypt" };
  const { session } = await open({ ...closed, Statement: [byAdministrator, byIam, deny] });
  const planned = await plan(session, { changeKeyPolicy: true });
  expect(sayOf(planned)[0]?.text).toMatch(/refuses: the statement NotAnn denies kms:Decrypt to the caller .*user\/ann/);
  expect(sayOf(planned)[0]?.isNeeded).toBe(true);
  expect(planned.parts.filter(({ key }) => key.kind === "key-policy")).toEqual([]);
});

it("refuses a key that cannot be used, before anything is made, as a run does before anything is uploaded", async () => {
  const { session, server, kmsKey, openSession, s3 } = await open();
  await callKms(server, administrator, "DisableKey", { KeyId: kmsKey });
  expect(await findFailure(() => plan(session))).toMatchObject({ code: "KEY_UNUSABLE" });
  await s3.send(new CreateBucketCommand({ Bucket: "mine" }));
  const running = openSession(administrator, { bucket: "mine", roleArn, kmsKey });
  const identity = await identify(running);
  expect(await findFailure(() => checkPlace(running, identity))).toMatchObject({ code: "KEY_UNUSABLE" });
  const elsewhere = openSession(administrator, { kmsKey: kmsKey.replace("us-east-1", "eu-west-1") });
  const error = await findFailure(() => plan(elsewhere));
  expect(error.message).toMatch(/it is in eu-west-1, and the job runs in us-east-1/);
});

it("prints the statements where the policy cannot be read, and does not change what it has not seen", async () => {
  const hidden = { ...byAdministrator, Sid: "Hidden", Effect: "Deny", Action: "kms:GetKeyPolicy" };
  const { session } = await open({ ...closed, Statement: [byAdministrator, hidden] });
  const [said] = sayOf(await plan(session));
  expect(said?.text).toMatch(/could not be read \(kms:GetKeyPolicy\)/);
  expect(said?.document).toHaveLength(2);
  expect(await findFailure(() => plan(session, { changeKeyPolicy: true }))).toMatchObject({ code: "SETUP_DENIED" });
});

it("takes --change-key-policy with a key only", async () => {
  const { openSession } = await open();
  expect(await findFailure(() => plan(openSession(), { changeKeyPolicy: true }))).toMatchObject({
    code: "BAD_OPTIONS",
  });
});

it("lets who is to run doctor look at the key, with --with-doctor", async () => {
  const { session, kmsKey } = await open();
  const { advice } = await plan(session, { withDoctor: true });
  const document = advice.find(({ text }) => text.startsWith("What doctor reads"))?.document;
  expect(document).toMatchObject({
    Statement: expect.arrayContaining([
      { Sid: "LookAtTheKey", Effect: "Allow", Action: ["kms:DescribeKey", "kms:GetKeyPolicy"], Resource: kmsKey },
    ]),
  });
});

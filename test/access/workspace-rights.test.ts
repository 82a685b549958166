import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it, onTestFinished } from "vitest";
import { administrator, ann, bucket, openAccount, roleArn } from "../support/empty-account.ts";
import { writeTexts } from "../support/local-run.ts";
import { runToEnd } from "../support/run-to-end.ts";

it("who runs halfprice with a workspace on S3 gets the rights that it takes there from setup, and none beside it", async () => {
  const { server, s3, setUp, makeUser, openSession, folder } = await openAccount();
  await s3.send(new CreateBucketCommand({ Bucket: "team-bucket" }));
  const shared = { bucket: "team-bucket", prefix: "halfprice-workspace/", uri: "s3://team-bucket/halfprice-workspace" };
  const keys = await makeUser("ann");
  const made = await setUp({ caller: ann }, openSession(administrator, { shared, workspace: `${folder}/admins` }));
  expect(made).toContain(`create policy ${bucket} of the user ann`);
  const session = openSession(keys, { shared, workspace: `${folder}/anns`, bucket, roleArn });
  const input = { first: writeTexts(folder, 120), prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
  const { summary } = await runToEnd(session, input);
  expect(summary.outcomeCounts).toMatchObject({ answered: 120 });
  const own = new S3Client({ endpoint: server.url, region: "us-east-1", credentials: keys, forcePathStyle: true });
  onTestFinished(() => own.destroy());
  await expect(own.send(new GetObjectCommand({ Bucket: "team-bucket", Key: "payroll.csv" }))).rejects.toThrow(
    "not authorized to perform: s3:GetObject",
  );
});

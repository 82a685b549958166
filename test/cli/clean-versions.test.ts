import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { clientOptions, placeOn } from "../support/local-place.ts";
import { runCli } from "../support/run-cli.ts";

it("clean removes the versions and delete markers that a run has made, and names the rights that it takes", async () => {
  const server = await startLocal({ speed: 6000, seed: 1, enforceIam: true });
  onTestFinished(() => server.close());
  const { bucket: Bucket, place } = await placeOn(server);
  const s3 = new S3Client({ ...clientOptions(server), forcePathStyle: true });
  onTestFinished(() => s3.destroy());
  const versioning = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: versioning }));
  const deny = (Action: string) => {
    const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
    const Statement = [{ Effect: "Deny", Principal: "*", Action, Resource }];
    return s3.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }),
    );
  };
  const count = async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    return [Versions.length, DeleteMarkers.length];
  };

  const folder = makeFolder();
  writeFile(folder, "t.csv", `text\n${Array.from({ length: 100 }, (_, index) => `text ${index}`).join("\n")}\n`);
  const env = { ...server.env };
  const asked = ["t.csv", "--prompt", "S {{text}}", "--model", "claude-haiku-4.5", "--yes", "-o", "o.csv"];
  const run = await runCli(["run", ...asked, ...place], folder, env);
  expect([run.code, run.stderr]).toEqual([0, expect.any(String)]);
  const { Versions: [first] = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: String(first?.Key) }));
  const [versions = 0] = await count();
  // The other one is of the file with which the service has tried whether it may write.
  expect(await count()).toEqual([versions, 2]);

  await deny("s3:ListBucketVersions");
  const hidden = await runCli(["clean", "--plan"], folder, env);
  expect(hidden.stdout).toContain("keeps versions, and s3:ListBucketVersions is missing");
  await deny("s3:DeleteObjectVersion");
  const refused = await runCli(["clean", "--yes"], folder, env);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("s3:DeleteObjectVersion")]);
  expect(await count()).toEqual([versions, 2]);

  await deny("s3:PutBucketAcl");
  const cleaned = await runCli(["clean", "--yes"], folder, env);
  expect(cleaned.stdout).toContain(`${versions} object versions and 2 delete markers`);
  expect(await count()).toEqual([0, 0]);
});

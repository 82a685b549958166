import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findAwsCli } from "../support/aws-cli.ts";
import { type Served, serve } from "./served.ts";

const cli = findAwsCli();
const isMissing = cli === undefined;
if (isMissing)
  process.stderr.write("skipped: the AWS CLI is not here and cannot be installed (apt-get install awscli)\n");

const run = promisify(execFile);
let served: Served;
let folder = "";

/** What one command prints, as JSON where it is. */
async function aws(...args: string[]): Promise<string> {
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    ...served.local.env,
    AWS_PAGER: "",
    AWS_CONFIG_FILE: join(folder, "config"),
  };
  // Debian's 2.9 does not know AWS_ENDPOINT_URL yet.
  const at = ["--endpoint-url", served.local.url];
  return (await run(cli ?? "", [...at, ...args], { cwd: folder, env, maxBuffer: 16 * 1024 * 1024 })).stdout;
}
const json = async (...args: string[]): Promise<unknown> => JSON.parse(await aws(...args, "--output", "json"));
const refused = async (...args: string[]): Promise<string> =>
  aws(...args).then(
    () => "nothing was refused",
    (error: { stderr: string }) => error.stderr,
  );

describe.skipIf(isMissing)("the AWS CLI", () => {
  beforeAll(async () => {
    served = await serve();
    folder = await mkdtemp(join(tmpdir(), "halfprice-cli-"));
    await aws("s3", "mb", "s3://cli");
  });
  afterAll(async () => {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("moves files, small and in parts, to a bucket and back", async () => {
    const files: [string, Buffer][] = [
      ["small.txt", Buffer.from("hello\n")],
      ["large.bin", randomBytes(20 * 1024 * 1024 + 1)],
      ["empty", Buffer.alloc(0)],
      ["odd ü+&.txt", Buffer.from("x")],
    ];
    await mkdir(join(folder, "tree/deep"), { recursive: true });
    for (const [name, bytes] of files) await writeFile(join(folder, "tree/deep", name), bytes);
    await aws("s3", "cp", "--recursive", "--quiet", "tree", "s3://cli/tree");
    expect((await aws("s3", "ls", "--recursive", "s3://cli/tree/")).trim().split("\n")).toHaveLength(4);
    await aws("s3", "sync", "--quiet", "s3://cli/tree", "back");
    expect((await readdir(join(folder, "back/deep"))).sort()).toEqual(files.map(([name]) => name).sort());
    for (const [name, bytes] of files)
      expect(Buffer.compare(await readFile(join(folder, "back/deep", name)), bytes), name).toBe(0);
    expect(await aws("s3", "sync", "tree", "s3://cli/tree")).toBe("");
    expect(await aws("s3", "cp", "s3://cli/tree/deep/small.txt", "-")).toBe("hello\n");
    await aws("s3", "mv", "--quiet", "s3://cli/tree/deep/large.bin", "s3://cli/moved.bin");
    await aws("s3", "rm", "--recursive", "--quiet", "s3://cli/tree");
    expect((await aws("s3", "ls", "s3://cli")).trim()).toMatch(/ 20971521 moved\.bin$/);
    await aws("s3", "rm", "--quiet", "s3://cli/moved.bin");
  }, 120_000);

  it("asks the API for the parts of an object", async () => {
    await writeFile(join(folder, "body"), "0123456789");
    await json(
      "s3api",
      "put-object",
      "--bucket",
      "cli",
      "--key",
      "k",
      "--body",
      "body",
      "--metadata",
      "a=b",
      "--checksum-algorithm",
      "SHA256",
    );
    const head = await json("s3api", "head-object", "--bucket", "cli", "--key", "k", "--checksum-mode", "ENABLED");
    expect(head).toMatchObject({
      ContentLength: 10,
      Metadata: { a: "b" },
      ChecksumSHA256: createHash("sha256").update("0123456789").digest("base64"),
    });
    expect(
      await json("s3api", "get-object", "--bucket", "cli", "--key", "k", "--range", "bytes=2-4", "out"),
    ).toMatchObject({ ContentRange: "bytes 2-4/10" });
    expect(await readFile(join(folder, "out"), "utf8")).toBe("234");
    await json("s3api", "copy-object", "--bucket", "cli", "--key", "k2", "--copy-source", "cli/k");
    await aws("s3api", "put-object-tagging", "--bucket", "cli", "--key", "k2", "--tagging", "TagSet=[{Key=a,Value=b}]");
    expect(await json("s3api", "get-object-tagging", "--bucket", "cli", "--key", "k2")).toEqual({
      TagSet: [{ Key: "a", Value: "b" }],
    });
    expect(
      await json("s3api", "list-objects-v2", "--bucket", "cli", "--max-items", "1", "--query", "Contents[].Key"),
    ).toEqual(["k"]);
    expect(
      await json("s3api", "delete-objects", "--bucket", "cli", "--delete", "Objects=[{Key=k},{Key=k2}]"),
    ).toMatchObject({ Deleted: [{ Key: "k" }, { Key: "k2" }] });
    expect(await refused("s3api", "get-object", "--bucket", "cli", "--key", "k", "out")).toContain("(NoSuchKey)");
  }, 120_000);

  it("sets a bucket up", async () => {
    await aws(
      "s3api",
      "create-bucket",
      "--bucket",
      "cli-west",
      "--region",
      "us-west-2",
      "--create-bucket-configuration",
      "LocationConstraint=us-west-2",
    );
    expect(await json("s3api", "get-bucket-location", "--bucket", "cli-west")).toEqual({
      LocationConstraint: "us-west-2",
    });
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: "arn:aws:s3:::cli/*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    await aws("s3api", "put-bucket-policy", "--bucket", "cli", "--policy", policy);
    expect(await json("s3api", "get-bucket-policy", "--bucket", "cli")).toEqual({ Policy: policy });
    await aws("s3api", "delete-bucket-policy", "--bucket", "cli");
    await aws("s3api", "put-bucket-tagging", "--bucket", "cli", "--tagging", "TagSet=[{Key=a,Value=b}]");
    expect(await json("s3api", "get-bucket-encryption", "--bucket", "cli")).toMatchObject({
      ServerSideEncryptionConfiguration: {},
    });
    expect(await json("s3api", "get-public-access-block", "--bucket", "cli")).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
    });
  }, 120_000);

  it("presigns a URL that works", async () => {
    await writeFile(join(folder, "body"), "through the link");
    await aws("s3", "cp", "--quiet", "body", "s3://cli/linked");
    const url = (await aws("s3", "presign", "s3://cli/linked", "--expires-in", "60")).trim();
    expect(await (await fetch(url)).text()).toBe("through the link");
  }, 60_000);

  it("knows who it is, becomes a role, and keeps policies", async () => {
    expect(await json("sts", "get-caller-identity")).toEqual({
      UserId: "AIDALOCALUSER00000000",
      Account: "123456789012",
      Arn: "arn:aws:iam::123456789012:user/local",
    });
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" }],
    });
    await json("iam", "create-role", "--role-name", "cli", "--assume-role-policy-document", trust);
    await aws(
      "iam",
      "put-role-policy",
      "--role-name",
      "cli",
      "--policy-name",
      "p",
      "--policy-document",
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] }),
    );
    // The CLI shows documents decoded.
    expect(await json("iam", "get-role", "--role-name", "cli")).toMatchObject({
      Role: { AssumeRolePolicyDocument: { Version: "2012-10-17" } },
    });
    const assumed = await json(
      "sts",
      "assume-role",
      "--role-arn",
      "arn:aws:iam::123456789012:role/cli",
      "--role-session-name",
      "me",
    );
    expect(assumed).toMatchObject({ AssumedRoleUser: { Arn: "arn:aws:sts::123456789012:assumed-role/cli/me" } });
    expect(await refused("iam", "delete-role", "--role-name", "cli")).toContain("(DeleteConflict)");
  }, 60_000);

  it("puts metrics, lists them, and reads their statistics", async () => {
    const now = new Date(served.local.clock.nowMs());
    const at = (minutes: number): string => new Date(now.getTime() + minutes * 60_000).toISOString();
    await aws(
      ...["cloudwatch", "put-metric-data", "--namespace", "halfprice/test", "--metric-name", "Rows"],
      ...["--dimensions", "Run=a", "--unit", "Count", "--value", "3", "--timestamp", at(-1)],
    );
    await aws(
      ...["cloudwatch", "put-metric-data", "--namespace", "halfprice/test", "--metric-name", "Rows"],
      ...["--dimensions", "Run=a", "--unit", "Count", "--value", "5", "--timestamp", at(-1)],
    );
    const { Metrics: metrics } = (await json("cloudwatch", "list-metrics", "--namespace", "halfprice/test")) as {
      Metrics: unknown[];
    };
    expect(metrics).toEqual([
      { Namespace: "halfprice/test", MetricName: "Rows", Dimensions: [{ Name: "Run", Value: "a" }] },
    ]);
    const read = (await json(
      ...["cloudwatch", "get-metric-statistics", "--namespace", "halfprice/test", "--metric-name", "Rows"],
      ...["--dimensions", "Name=Run,Value=a", "--start-time", at(-10), "--end-time", at(1), "--period", "3600"],
      ...["--statistics", "Sum", "SampleCount", "Maximum"],
    )) as { Datapoints: object[] };
    expect(read.Datapoints).toEqual([expect.objectContaining({ Sum: 8, SampleCount: 2, Maximum: 5, Unit: "Count" })]);
  }, 60_000);
});

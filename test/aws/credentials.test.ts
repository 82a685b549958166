import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { runCli } from "../support/run-cli.ts";

async function openService(): Promise<{ url: string; folder: string; keys: Record<string, string> }> {
  const server = await startLocal({ speed: 6000, seed: 1 });
  onTestFinished(() => server.close());
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = server.env;
  return { url: server.url, folder: makeFolder(), keys: { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } };
}

/** The checks of `doctor --json`, by their names. */
const doctor = async (folder: string, url: string, env: Record<string, string>, ...words: string[]) => {
  const { stdout, stderr } = await runCli(["doctor", "--json", "--endpoint-url", url, ...words], folder, env);
  const { results: checks } = JSON.parse(stdout === "" ? "{}" : stdout) as {
    results?: { check: string; status: string; finding: string }[];
  };
  return { find: (name: string) => checks?.find(({ check }) => check === name), stderr, stdout };
};

describe("the region", () => {
  it("of the profile is taken where neither line nor environment names one", async () => {
    const { url, folder, keys: own } = await openService();
    const key = `aws_access_key_id = ${own["AWS_ACCESS_KEY_ID"]}\naws_secret_access_key = ${own["AWS_SECRET_ACCESS_KEY"]}\n`;
    const config = writeFile(
      folder,
      "config",
      `[profile lab]\nregion = eu-west-3\n${key}\n[default]\nregion = us-east-2\n`,
    );
    const env = { ...own, AWS_CONFIG_FILE: config };
    expect((await doctor(folder, url, env, "--profile", "lab")).find("identity")?.finding).toContain("eu-west-3");
    expect((await doctor(folder, url, env)).find("identity")?.finding).toContain("us-east-2");
    const named = await doctor(folder, url, { ...env, AWS_REGION: "us-west-2" }, "--profile", "lab");
    expect(named.find("identity")?.finding).toContain("us-west-2");
  });

  it("of the instance is asked for where nothing else names one, with a token, and only where that is allowed", async () => {
    const { url, folder, keys: own } = await openService();
    const asked: string[] = [];
    const metadata = createServer((question, answer) => {
      asked.push(`${question.method} ${question.url}`);
      const isKnown = question.headers["x-aws-ec2-metadata-token"] === "t0ken";
      if (question.url === "/latest/api/token") answer.end("t0ken");
      else answer.writeHead(isKnown ? 200 : 401).end(isKnown ? "eu-north-1" : "");
    });
    await new Promise<void>((resolve) => metadata.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void metadata.close());
    const endpoint = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}`;
    const env = { ...own, AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint, AWS_EC2_METADATA_DISABLED: "false" };
    expect((await doctor(folder, url, env)).find("identity")?.finding).toContain("eu-north-1");
    expect(asked).toContain("GET /latest/meta-data/placement/region");
    const forbidden = await runCli(["collect", "x", "--endpoint-url", url], folder, {
      ...{ ...env, AWS_EC2_METADATA_DISABLED: "true" },
    });
    expect(forbidden.stderr).not.toContain("eu-north-1");
    const refused = await runCli(["models", "--refresh", "--endpoint-url", url], folder, own);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("error NO_REGION")]);
  });
});

describe("credentials that are not there", () => {
  const refresh = ["models", "--refresh", "--region", "us-east-1"];

  it("of a profile that there is not are named with those that there are", async () => {
    const folder = makeFolder();
    const config = writeFile(folder, "config", "[profile lab]\nregion = eu-west-3\n\n[profile work]\n");
    const { code, stderr } = await runCli([...refresh, "--profile", "lap"], folder, { AWS_CONFIG_FILE: config });
    expect([code, stderr]).toEqual([3, expect.stringContaining("error NO_CREDENTIALS")]);
    expect(stderr).toContain("has no profile lap; there are lab, work");
    expect(stderr).toContain("fix   --profile lab, or make it: aws configure --profile lap");
  });

  it("of a profile that wants an MFA code come with the command that asks for it", async () => {
    const folder = makeFolder();
    const config = writeFile(
      folder,
      "config",
      "[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/X\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n\n[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n",
    );
    const { code, stderr } = await runCli([...refresh, "--profile", "mfa"], folder, { AWS_CONFIG_FILE: config });
    expect([code, stderr]).toEqual([3, expect.stringContaining("error NO_CREDENTIALS")]);
    expect(stderr).toContain("halfprice asks for no MFA code");
    expect(stderr).toContain("aws configure export-credentials --profile mfa --format env");
  });

  it("beside a Bedrock API key are said to be needed all the same", async () => {
    const { code, stderr } = await runCli(refresh, makeFolder(), { AWS_BEARER_TOKEN_BEDROCK: "bedrock-api-key-x" });
    expect([code, stderr]).toEqual([3, expect.stringContaining("error NO_CREDENTIALS")]);
    expect(stderr).toContain("signs calls of Bedrock alone");
    expect(stderr).not.toContain("bedrock-api-key-x");
  });
});

describe("a Bedrock API key beside other credentials", () => {
  it("is what doctor names, as Bedrock sees another caller then; without one nothing is said", async () => {
    const { url, folder, keys: own } = await openService();
    const env = { ...own, AWS_REGION: "us-east-1" };
    const found = (await doctor(folder, url, { ...env, AWS_BEARER_TOKEN_BEDROCK: "bedrock-api-key-x" })).find(
      "bedrock-identity",
    );
    expect(found).toMatchObject({ status: "warn", finding: expect.stringContaining("S3, STS and IAM see arn:aws:") });
    expect((await doctor(folder, url, env)).find("bedrock-identity")).toBeUndefined();
  });
});

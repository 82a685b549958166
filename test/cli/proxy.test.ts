import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { type CompanyNetwork, type OtherService, openCompanyNetwork } from "../support/company-network.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { placeOn } from "../support/local-place.ts";
import { writeTexts } from "../support/local-run.ts";
import { runCli } from "../support/run-cli.ts";

interface Office {
  readonly folder: string;
  readonly network: CompanyNetwork;
  /** Credentials only: neither region, nor endpoint, nor proxy. */
  readonly keys: Record<string, string>;
  readonly place: string[];
  readonly localUrl: string;
}

async function openOffice(password?: { user: string; secret: string }, other?: OtherService): Promise<Office> {
  const folder = makeFolder();
  writeTexts(folder, 110);
  const server = await startLocal({ speed: 6000, seed: 1 });
  onTestFinished(() => server.close());
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = server.env;
  const { place } = await placeOn(server);
  const network = await openCompanyNetwork(server.url, folder, password, other);
  return { folder, network, keys: { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }, place, localUrl: server.url };
}

const prompt = ["--prompt", "Repeat: {{text}}", "--model", "nova-lite"];
const region = { AWS_DEFAULT_REGION: "us-east-1" };

describe("behind a company's proxy", () => {
  it("a whole run goes through it, to AWS's own host names, with AWS_DEFAULT_REGION and AWS_CA_BUNDLE", async () => {
    const published: (string | null)[] = [];
    const { folder, network, keys, place } = await openOffice(undefined, (host, _path, body) => {
      if (!host.startsWith("sns.")) return undefined;
      published.push(new URLSearchParams(body).get("TopicArn"));
      return {
        type: "text/xml",
        body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
      };
    });
    const env = { ...keys, ...region, HTTPS_PROXY: network.proxyUrl, AWS_CA_BUNDLE: network.certificateFile };
    const args = ["run", "texts.csv", ...prompt, ...place, "--yes", "--detach", "--name", "r", "-o", "out.csv"];
    let { code, stderr } = await runCli(args, folder, env);
    // The job ends on the service's hurried clock: each look is a process of its own.
    const topic = "arn:aws:sns:us-east-1:123456789012:done";
    const collect = ["collect", "r", "--notify", `sns:${topic}`];
    while (code === 5) ({ code, stderr } = await runCli(collect, folder, env));
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(readFileSync(join(folder, "out.csv"), "utf8").trim().split("\n")).toHaveLength(111);
    const hosts = new Set(network.tunnels.map((each) => each.replace(/:443$/, "")));
    expect(published).toEqual([topic]);
    expect([...hosts]).toEqual(
      expect.arrayContaining([
        "sts.us-east-1.amazonaws.com",
        "bedrock.us-east-1.amazonaws.com",
        "my-bucket.s3.us-east-1.amazonaws.com",
        "sns.us-east-1.amazonaws.com",
      ]),
    );
  });

  it("requests on demand go through it too, with the variable in lower case and NODE_EXTRA_CA_CERTS", async () => {
    const { folder, network, keys } = await openOffice({ user: "ana", secret: "p@ss:word/1" });
    const env = { ...keys, AWS_REGION: "us-east-1", NODE_EXTRA_CA_CERTS: network.certificateFile };
    const asked = ["try", "texts.csv", ...prompt, "--limit", "2"];
    const good = await runCli(asked, folder, { ...env, https_proxy: network.proxyUrl });
    expect([good.code, good.stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(network.tunnels).toContain("bedrock-runtime.us-east-1.amazonaws.com:443");
    expect(network.refusedCount()).toBe(0);
  });

  it("the credentials of an assumed role and of single sign-on are fetched through it too", async () => {
    const asked: string[] = [];
    const lasting = { accessKeyId: "ASIATEMPORARY", secretAccessKey: "temporary", sessionToken: "token-of-a-session" };
    const { folder, network, keys } = await openOffice(undefined, (host, path, body) => {
      if (host.startsWith("portal.sso.")) {
        asked.push(`${host}${path.replace(/\?.*/, "")}`);
        return {
          type: "application/json",
          body: JSON.stringify({ roleCredentials: { ...lasting, expiration: Date.now() + 3_600_000 } }),
        };
      }
      if (!body.includes("Action=AssumeRole")) return undefined;
      asked.push(`${host} ${new URLSearchParams(body).get("RoleArn")}`);
      const expiration = new Date(Date.now() + 3_600_000).toISOString();
      return {
        type: "text/xml",
        body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${lasting.accessKeyId}</AccessKeyId><SecretAccessKey>${lasting.secretAccessKey}</SecretAccessKey><SessionToken>${lasting.sessionToken}</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
      };
    });
    const startUrl = "https://example.awsapps.com/start";
    const config = writeFile(
      folder,
      "config",
      [
        "[profile base]",
        `aws_access_key_id = ${keys["AWS_ACCESS_KEY_ID"]}`,
        `aws_secret_access_key = ${keys["AWS_SECRET_ACCESS_KEY"]}`,
        "[profile role]",
        "role_arn = arn:aws:iam::123456789012:role/Analyst",
        "source_profile = base",
        "[profile login]",
        `sso_start_url = ${startUrl}`,
        "sso_region = us-east-1",
        "sso_account_id = 123456789012",
        "sso_role_name = Analyst",
        "",
      ].join("\n"),
    );
    // As `aws sso login` leaves it.
    writeFile(
      folder,
      `.aws/sso/cache/${createHash("sha1").update(startUrl).digest("hex")}.json`,
      JSON.stringify({ accessToken: "t", expiresAt: new Date(Date.now() + 3_600_000).toISOString() }),
    );
    const env = { ...region, HOME: folder, AWS_CONFIG_FILE: config, HTTPS_PROXY: network.proxyUrl };
    for (const profile of ["role", "login"]) {
      const words = ["try", "texts.csv", ...prompt, "--limit", "1", "--profile", profile];
      const { code, stderr } = await runCli(words, folder, { ...env, AWS_CA_BUNDLE: network.certificateFile });
      expect([profile, code, stderr]).toEqual([profile, 0, expect.not.stringContaining("error")]);
    }
    expect([...new Set(asked)]).toEqual([
      "sts.us-east-1.amazonaws.com arn:aws:iam::123456789012:role/Analyst",
      "portal.sso.us-east-1.amazonaws.com/federation/credentials",
    ]);
    expect(network.tunnels).toEqual(
      expect.arrayContaining(["sts.us-east-1.amazonaws.com:443", "portal.sso.us-east-1.amazonaws.com:443"]),
    );
  });

  it("that wants a password, says so, and never shows one", async () => {
    const { folder, network, keys } = await openOffice({ user: "ana", secret: "long-secret-word" });
    const env = { ...keys, ...region, AWS_CA_BUNDLE: network.certificateFile };
    const asked = ["try", "texts.csv", ...prompt, "--limit", "2"];
    const wrong = network.proxyUrl.replace("long-secret-word", "wrong-secret-word");
    const { code, stdout, stderr } = await runCli(asked, folder, { ...env, HTTPS_PROXY: wrong });
    expect([code, stderr]).toEqual([3, expect.stringContaining("the proxy wants a name and a password (HTTP 407)")]);
    expect(stderr).toContain("write them into HTTPS_PROXY before the host");
    expect(stdout + stderr).not.toContain("wrong-secret-word");
    expect(network.tunnels).toEqual([]);
  });

  it("a service on this machine, and what NO_PROXY names, is reached without it", async () => {
    const { folder, network, keys, localUrl } = await openOffice();
    const env = { ...keys, ...region, HTTP_PROXY: network.proxyUrl, HTTPS_PROXY: network.proxyUrl };
    const asked = ["try", "texts.csv", ...prompt, "--limit", "2"];
    expect((await runCli([...asked, "--endpoint-url", localUrl], folder, env)).code).toBe(0);
    expect((await runCli([...asked, "--local"], folder, env)).code).toBe(0);
    // No such host: without the proxy the name has no address, and through it there would be an answer.
    const elsewhere = [...asked, "--endpoint-url", "https://bedrock.invalid"];
    const direct = await runCli(elsewhere, folder, { ...env, NO_PROXY: "internal.example,.invalid" });
    expect([direct.code, direct.stderr]).toEqual([3, expect.stringContaining("error UNREACHABLE")]);
    expect(network.tunnels).toEqual([]);
  });

  it("a proxy of another kind and certificates that are not there are named", async () => {
    const { folder, keys } = await openOffice();
    const asked = ["try", "texts.csv", ...prompt, "--limit", "2"];
    const socks = await runCli(asked, folder, { ...keys, ...region, ALL_PROXY: "socks5://127.0.0.1:1080" });
    expect([socks.code, socks.stderr]).toEqual([
      2,
      expect.stringContaining('ALL_PROXY is "socks5://127.0.0.1:1080"; it has to be an http or https proxy'),
    ]);
    const bundle = await runCli(asked, folder, { ...keys, ...region, AWS_CA_BUNDLE: "/no/such.pem" });
    expect([bundle.code, bundle.stderr]).toEqual([2, expect.stringContaining('AWS_CA_BUNDLE is "/no/such.pem"')]);
  });
});

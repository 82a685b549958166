import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeLocalPlace } from "../../src/access/make-local-place.ts";
import { startLocal } from "../../src/local/index.ts";
import { type CompanyNetwork, openCompanyNetwork } from "../support/company-network.ts";
import { makeFolder } from "../support/folder.ts";
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

async function openOffice(password?: { user: string; secret: string }): Promise<Office> {
  const folder = makeFolder();
  writeTexts(folder, 110);
  const server = await startLocal({ speed: 6000, seed: 1 });
  onTestFinished(() => server.close());
  const keys = {
    AWS_ACCESS_KEY_ID: server.env.AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: server.env.AWS_SECRET_ACCESS_KEY,
  };
  const { bucket, roleArn } = await makeLocalPlace(
    {
      region: server.region,
      endpointUrl: server.url,
      dummyCredentials: { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY },
    },
    { bucket: "my-bucket", prefix: "halfprice/", roleName: "BatchRole" },
  );
  const network = await openCompanyNetwork(server.url, folder, password);
  return { folder, network, keys, place: ["--bucket", bucket, "--role", roleArn], localUrl: server.url };
}

const prompt = ["--prompt", "Repeat: {{text}}", "--model", "nova-lite"];
const region = { AWS_DEFAULT_REGION: "us-east-1" };

describe("behind a company's proxy", () => {
  it("a whole run goes through it, to AWS's own host names, with AWS_DEFAULT_REGION and AWS_CA_BUNDLE", async () => {
    const { folder, network, keys, place } = await openOffice();
    const env = { ...keys, ...region, HTTPS_PROXY: network.proxyUrl, AWS_CA_BUNDLE: network.certificateFile };
    const args = ["run", "texts.csv", ...prompt, ...place, "--yes", "--detach", "--name", "r", "-o", "out.csv"];
    let { code, stderr } = await runCli(args, folder, env);
    // The job ends on the service's hurried clock: each look is a process of its own.
    while (code === 5) ({ code, stderr } = await runCli(["collect", "r"], folder, env));
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(readFileSync(join(folder, "out.csv"), "utf8").trim().split("\n")).toHaveLength(111);
    const hosts = new Set(network.tunnels.map((each) => each.replace(/:443$/, "")));
    expect([...hosts]).toEqual(
      expect.arrayContaining([
        "sts.us-east-1.amazonaws.com",
        "bedrock.us-east-1.amazonaws.com",
        "my-bucket.s3.us-east-1.amazonaws.com",
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

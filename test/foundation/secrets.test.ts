import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { HalfpriceError } from "../../src/foundation/errors/index.ts";
import { hideSecrets } from "../../src/foundation/secrets.ts";
import { startLocal } from "../../src/local/index.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { placeOn } from "../support/local-place.ts";
import { writeTexts } from "../support/local-run.ts";
import { runCli } from "../support/run-cli.ts";

const planted = {
  accessKeyId: "AKIAPLANTEDPLANTED00",
  secret: "plantedSecretAccessKey/with+signs/0123456",
  token: "plantedSessionToken//////////0123456789abcdef==",
  password: "plantedPassword",
  signature: "5ec2e7p1an7ed0000000000000000000000000000000000000000000000000000".replaceAll(/[^0-9a-f]/g, "0"),
};
const signedUrl = `https://data.s3.amazonaws.com/in.jsonl?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${planted.accessKeyId}%2F20261121&X-Amz-Security-Token=${encodeURIComponent(planted.token)}&X-Amz-Signature=${planted.signature}`;
const all = [...Object.values(planted), encodeURIComponent(planted.token)];

const leaks = (text: string): string[] => all.filter((each) => text.includes(each));

/** Every file below a folder, as text. */
function readAll(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, "latin1") }));
}

describe("a text that is shown", () => {
  it.each([
    ["a signed URL", `Could not read ${signedUrl}: gone`],
    [
      "a signed URL of the old form",
      `https://b.s3.amazonaws.com/k?AWSAccessKeyId=${planted.accessKeyId}&Expires=1&Signature=${planted.signature}`,
    ],
    [
      "an Authorization header",
      `Authorization: AWS4-HMAC-SHA256 Credential=${planted.accessKeyId}/20261121/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${planted.signature}`,
    ],
    ["a password in a URL", `connect http://ana:${planted.password}@127.0.0.1:1/ failed`],
    ["a credentials file", `aws_secret_access_key = ${planted.secret}\naws_session_token=${planted.token}`],
    [
      "credentials as JSON",
      JSON.stringify({
        AccessKeyId: planted.accessKeyId,
        SecretAccessKey: planted.secret,
        SessionToken: planted.token,
      }),
    ],
    ["a bearer token", `Authorization: Bearer ${planted.token}`],
  ])("has no secret of %s, and says that something was there", (_what, text) => {
    expect(leaks(hideSecrets(text))).toEqual([]);
    expect(hideSecrets(text)).toContain("…");
    expect(leaks(new HalfpriceError("BUG", { reason: text }).message)).toEqual([]);
  });

  it("has no secret that is known, whatever stands around it, and keeps every other word", () => {
    expect(hideSecrets(`x${planted.secret}y`, [planted.secret])).toBe("x…y");
    expect(hideSecrets("an ordinary word", ["word", undefined])).toBe("an ordinary word");
    const usual = "User: arn:aws:iam::123456789012:user/ana is not authorized; see https://docs.aws.amazon.com/x?y=z";
    expect(hideSecrets(usual)).toBe(usual);
  });
});

describe("a planted secret", () => {
  it("comes out nowhere: not on stdout or stderr, not in the ledger, the run's files or the report", async () => {
    const folder = makeFolder();
    const message = `Could not read ${signedUrl}`;
    const server = await startLocal({
      speed: 6000,
      seed: 1,
      faults: {
        calls: [
          {
            operation: "GetCallerIdentity",
            after: 3,
            times: 1,
            fault: { kind: "error", type: "AccessDenied", status: 403, message },
          },
        ],
        jobs: [{ fault: { end: { status: "Failed", message } } }],
      },
    });
    onTestFinished(() => server.close());
    const made = await placeOn(server, { bucket: "data", roleName: "Batch" });
    const table = writeTexts(folder, 120);
    const credentialsFile = writeFile(
      folder,
      "aws/credentials",
      `[planted]\naws_access_key_id=${planted.accessKeyId}\naws_secret_access_key=${planted.secret}\naws_session_token=${planted.token}\n`,
    );
    const keys = {
      AWS_ACCESS_KEY_ID: planted.accessKeyId,
      AWS_SECRET_ACCESS_KEY: planted.secret,
      AWS_SESSION_TOKEN: planted.token,
    };
    const profile = { AWS_SHARED_CREDENTIALS_FILE: credentialsFile, AWS_REGION: "us-east-1" };
    const inEnvironment = { ...keys, AWS_REGION: "us-east-1" };
    const url = server.url.replace("http://", `http://ana:${planted.password}@`);
    const place = [...made.place, "--endpoint-url", url];
    const job = [table, "--prompt", "Repeat: {{text}}", "--model", "claude-haiku-4.5"];
    const commands: readonly (readonly [string[], Record<string, string>])[] = [
      [["setup", "--print", ...place], inEnvironment],
      [["run", ...job, ...place], inEnvironment],
      [["run", ...job, ...place, "--json"], inEnvironment],
      [["run", ...job, ...place, "--yes", "-o", join(folder, "answers.csv")], inEnvironment],
      [["show", "texts"], {}],
      [["show", "texts", "--json"], {}],
      [["doctor", "--run", "texts", ...place], inEnvironment],
      [["doctor", ...job, ...place, "--json"], inEnvironment],
      [["doctor", ...place, "--profile", "planted"], profile],
      [["try", ...job, "--endpoint-url", url, "--limit", "1"], inEnvironment],
      [["run", ...job, "--endpoint-url", "http://127.0.0.1:1", "--yes"], inEnvironment],
      [["run", ...job, "--endpoint-url", `ftp://ana:${planted.password}@x`, "--yes"], inEnvironment],
      [["explain", message], inEnvironment],
      [["explain", `nobody knows ${signedUrl}`], inEnvironment],
      [["runs", "--json"], {}],
    ];
    const codes: (number | null)[] = [];
    const said: string[] = [];
    for (const [args, env] of commands) {
      const { code, stdout, stderr } = await runCli(args, folder, env);
      codes.push(code);
      said.push(stdout, stderr);
      expect(leaks(`${stdout}${stderr}`), args.join(" ")).toEqual([]);
    }
    // Both messages were met: the call's, and the job's, which is in the ledger and the report.
    expect(codes).toEqual(expect.arrayContaining([0, 2, 3]));
    expect(said.join("")).toMatch(/GetCallerIdentity answered AccessDenied[^\n]*Could not read https:\/\/data/);
    expect(said.join("")).toMatch(/job 1 ended Failed: Could not read https:\/\/data/);
    for (const { path, text } of readAll(folder)) {
      if (path === credentialsFile) expect(leaks(text).length).toBeGreaterThan(2);
      else expect(leaks(text), path).toEqual([]);
    }
  });
});

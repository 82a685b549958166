import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { makeFolder } from "../support/folder.ts";
import { placeOn } from "../support/local-place.ts";
import { cleanEnv } from "../support/run-cli.ts";

const script = fileURLToPath(new URL("../../scripts/verify-aws.mjs", import.meta.url));

async function verify(answer: string): Promise<{ code: number | null; said: string; page: string | undefined }> {
  const server = await startLocal({ speed: 6000 });
  onTestFinished(() => server.close());
  const place = await placeOn(server);
  const folder = makeFolder();
  const page = join(folder, "verified.md");
  const env = cleanEnv(place.env);
  const child = spawn(process.execPath, [script, page], { cwd: folder, env, stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  child.stdin.end(`${answer}\n`);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, said, page: existsSync(page) ? readFileSync(page, "utf8") : undefined };
}

describe("npm run verify:aws", () => {
  it("says the price, asks, runs 100 records, and writes what it saw, dated, and that it was not on AWS", async () => {
    const { code, said, page } = await verify("y");
    expect(said).toMatch(/Run 100 records on .* in account 123456789012, us-east-1, for at most \$0\.\d+\? \[y\/N\]/);
    expect(code).toBe(0);
    expect(page).toMatch(/^## \d{4}-\d\d-\d\d, .*, us-east-1, \*\*on the local service, not on AWS\*\*$/m);
    expect(page).toMatch(/the job ended Completed/);
    expect(page).toMatch(/manifest: `\{"totalRecordCount":100,/);
    expect(page).toMatch(/"modelOutput"/);
    expect(page).toMatch(/^What this settles:$/m);
    expect(page).toMatch(/^- is the output in the order of the input: (yes|no)$/m);
    expect(page).toMatch(/^- members of a manifest: totalRecordCount, /m);
    expect(page).toContain('docs/sources-2026-11.md, "Unconfirmed"');
  });

  it("sends nothing where the answer is no", async () => {
    const { code, said, page } = await verify("n");
    expect([code === 0, page]).toEqual([false, undefined]);
    expect(said).toContain("nothing was sent");
  });
});

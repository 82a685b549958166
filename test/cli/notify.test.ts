import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli } from "../support/run-cli.ts";
import { serve } from "../support/serve.ts";

/** A server that keeps what is posted to it. */
async function openHook(status = 200): Promise<{ url: string; bodies: { type: string | undefined; body: string }[] }> {
  const bodies: { type: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data: Buffer) => (body += data.toString("utf8")));
    request.on("end", () => {
      bodies.push({ type: request.headers["content-type"], body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/secret-token`, bodies };
}

const prompt = ["--prompt", "Repeat: {{text}}", "--model", "claude-haiku-4.5", "--name", "told", "--local", "--yes"];
const writeTable = (folder: string): string =>
  writeFile(
    folder,
    "t.csv",
    makeCsv(
      ["text"],
      Array.from({ length: 120 }, (_, index) => [`text ${index}`]),
    ),
  );

describe("--notify", () => {
  it("posts JSON to a webhook and pipes it to a command at the end of a run; one that fails does not fail the run", async () => {
    const folder = makeFolder();
    writeTable(folder);
    const [hook, broken] = [await openHook(), await openHook(500)];
    const command = `node -e "process.stdin.pipe(require('fs').createWriteStream('told.json'))"`;
    const args = [
      "--notify",
      `webhook:${hook.url}`,
      "--notify",
      `command:${command}`,
      "--notify",
      `webhook:${broken.url}`,
    ];
    const { code, stderr } = await runCli(["run", "t.csv", ...prompt, ...args], folder);
    expect(code, stderr).toBe(0);
    expect(hook.bodies).toHaveLength(1);
    expect(hook.bodies[0]?.type).toBe("application/json");
    const told = JSON.parse(hook.bodies[0]?.body ?? "") as Record<string, unknown>;
    expect(told).toMatchObject({
      name: "told",
      state: "done",
      rowCount: 120,
      answeredCount: 120,
      outcomeCounts: { answered: 120 },
    });
    expect(told["text"]).toMatch(/^told: 120 rows/);
    expect(JSON.parse(readFileSync(join(folder, "told.json"), "utf8"))).toEqual(told);
    expect(stderr).toMatch(/Not notified by webhook \(127\.0\.0\.1:\d+\): it answered 500/);
    // Whoever knows the path may post there.
    expect(stderr).not.toContain("secret-token");
    // What had ended before is not told again.
    await runCli(["resume", "told", "--local", "--notify", `webhook:${hook.url}`], folder);
    expect(hook.bodies).toHaveLength(1);
  });

  it("tells from collect, when that is what ends the run", async () => {
    const folder = makeFolder();
    writeTable(folder);
    const hook = await openHook();
    const { env, place } = await serve();
    const asked = prompt.filter((word) => word !== "--local");
    let { code } = await runCli(["run", "t.csv", ...asked, ...place, "--detach"], folder, env);
    const collect = ["collect", "told", "--notify", `webhook:${hook.url}`];
    for (let pass = 0; code === 5 && pass < 60; pass += 1) ({ code } = await runCli(collect, folder, env));
    expect([code, hook.bodies.length]).toEqual([0, 1]);
  }, 120_000);

  it("is refused before anything is sent where it cannot be used, without the path of a webhook", async () => {
    const folder = makeFolder();
    writeTable(folder);
    for (const way of ["mail:a@b", "webhook:ftp://x/y", "sns:topic", "command:"]) {
      const { code, stderr } = await runCli(["run", "t.csv", ...prompt, "--notify", way], folder);
      expect([code, stderr], way).toEqual([2, expect.stringContaining("--notify is")]);
    }
    const { stderr } = await runCli(
      ["run", "t.csv", ...prompt, "--notify", "webhook:gopher://host.example/token"],
      folder,
    );
    expect(stderr).not.toContain("token");
  });
});

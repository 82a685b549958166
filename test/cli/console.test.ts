import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { type RunningCli, runCli, startCli } from "../support/run-cli.ts";

async function startConsole(
  folder: string,
  more: readonly string[] = [],
): Promise<{ url: string; running: RunningCli }> {
  const running = startCli(["console", "--local", "--port", "0", "--no-open", "--json", ...more], folder);
  onTestFinished(() => void running.child.kill("SIGKILL"));
  const text = await running.waitFor(/\{[\s\S]*?\n\}/);
  const { url } = JSON.parse(/\{[\s\S]*?\n\}/.exec(text)?.[0] ?? "") as { url: string };
  return { url, running };
}

/** A page of the console, once it has let in whoever has the address. */
async function enter(url: string): Promise<(path: string, body?: object) => Promise<unknown>> {
  const entered = await fetch(url, { redirect: "manual" });
  const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  return async (path, body) => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const headers = { cookie, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    return (await fetch(new URL(path, url), { ...init, headers })).json();
  };
}

describe("halfprice console", () => {
  it("prints its address with a token at once; two of them do not disturb each other, and killing one loses nothing", async () => {
    const folder = makeFolder();
    const texts = Array.from({ length: 120 }, (_, index) => [`text ${index}`]);
    writeFile(folder, "t.csv", makeCsv(["text"], texts));
    const [first, second] = [await startConsole(folder), await startConsole(folder)];
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);
    expect(first.url).not.toBe(second.url);
    expect((await fetch(new URL("/api/runs", first.url))).status).toBe(401);
    const [ask, askSecond] = [await enter(first.url), await enter(second.url)];
    const form = { table: join(folder, "t.csv"), prompt: "Repeat: {{text}}", model: "nova-lite", isSimulated: true };
    expect(await ask("/api/plan", form)).toMatchObject({ recordCount: 120, problems: [] });
    expect(await ask("/api/start", form)).toMatchObject({ what: "run", state: "running" });
    await expect.poll(() => askSecond("/api/runs"), { timeout: 60_000 }).toMatchObject([{ rowCount: 120 }]);
    // It may be in the middle of the run, or at its end: the other one, or a command, goes on with it.
    first.running.child.kill("SIGKILL");
    await first.running.done;
    const [{ id = "" } = {}] = (await askSecond("/api/runs")) as { id?: string }[];
    const resumed = await runCli(["resume", id, "--local", "--json"], folder);
    expect([resumed.code, JSON.parse(resumed.stdout)]).toEqual([
      0,
      expect.objectContaining({ runId: id, state: "done", rowCount: 120 }),
    ]);
    await expect.poll(() => askSecond("/api/runs")).toMatchObject([{ id, state: "done", outcomes: { answered: 120 } }]);
    second.running.child.kill("SIGTERM");
    expect((await second.running.done).code).toBe(0);
  });

  it("shows a workspace on S3, begins a run there and has its table", async () => {
    const folder = makeFolder();
    const texts = Array.from({ length: 120 }, (_, index) => [`text ${index}`]);
    writeFile(folder, "t.csv", makeCsv(["text"], texts));
    const { url } = await startConsole(folder, ["--workspace", "s3://team-bucket/ws"]);
    const ask = await enter(url);
    expect(await ask("/api/console")).toMatchObject({ workspace: "s3://team-bucket/ws" });
    const form = { table: join(folder, "t.csv"), prompt: "Repeat: {{text}}", model: "nova-lite", isSimulated: true };
    expect(await ask("/api/start", form)).toMatchObject({ what: "run" });
    await expect.poll(() => ask("/api/runs"), { timeout: 60_000 }).toMatchObject([{ state: "done" }]);
    const [{ id = "" } = {}] = (await ask("/api/runs")) as { id?: string }[];
    expect(await ask(`/api/runs/${id}/table`)).toMatchObject({ rowCount: 120 });
  });

  it("refuses a port that is none, and one that is taken", async () => {
    const folder = makeFolder();
    const bad = await runCli(["console", "--port", "eighty", "--no-open"], folder);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining("whole number from 0 to 65535")]);
    const { url } = await startConsole(folder);
    const taken = await runCli(["console", "--local", "--port", new URL(url).port, "--no-open"], folder);
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining("PORT_IN_USE")]);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli, startCli } from "../support/run-cli.ts";

const count = 120;

function makeArgs(folder: string, name: string): string[] {
  const rows = Array.from({ length: count }, (_, index) => [`${index}`, `${name} text ${index}`]);
  writeFile(folder, `${name}.csv`, makeCsv(["id", "text"], rows));
  const prompt = ["--prompt", "Repeat: {{text}}", "--model", "nova-lite"];
  return ["run", `${name}.csv`, ...prompt, "--local", "--yes", "-o", `${name}-out.jsonl`];
}

const countAnswered = (folder: string, name: string): number =>
  readFileSync(join(folder, `${name}-out.jsonl`), "utf8")
    .split("\n")
    .filter((line) => line.includes('"_halfprice_outcome":"answered"')).length;

describe("two commands with --local at once", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)(
    "go on when the one that hosts the service ends first (%s), and nothing is sent twice",
    async (signal) => {
      const folder = makeFolder();
      const host = startCli(makeArgs(folder, "host"), folder);
      // The service is up, and this one's job is with it.
      await host.waitFor(/model-invocation-job/);
      const guest = startCli(makeArgs(folder, "guest"), folder);
      await guest.waitFor(/model-invocation-job/);
      host.child.kill(signal);
      await host.done;
      const { code, stderr } = await guest.done;
      expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
      expect(countAnswered(folder, "guest")).toBe(count);
      // What the killed one had sent is collected, not sent again.
      const resumed = await runCli(["resume", "host", "--local"], folder);
      expect([resumed.code, resumed.stderr]).toEqual([0, expect.not.stringContaining("error")]);
      expect(countAnswered(folder, "host")).toBe(count);
      const jobs = readdirSync(join(folder, ".halfprice/local/bedrock/jobs")).filter((name) => name.endsWith(".json"));
      expect(jobs).toHaveLength(2);
    },
    60_000,
  );
});

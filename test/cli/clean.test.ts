import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openObjectStorage } from "../../src/aws/s3.ts";
import { startLocal } from "../../src/local/index.ts";
import { localArgs, openCase } from "../support/case-files.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { placeOn } from "../support/local-place.ts";
import { runCli } from "../support/run-cli.ts";

/** Files below a folder in which a text stands. */
const filesWith = (folder: string, text: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));

describe("clean leaves nothing of the table", () => {
  it("after a plan", async () => {
    const folder = openCase("clean-leaves-drafts");
    const workspace = join(folder, ".halfprice");
    await runCli(["plan", "t.csv", "--prompt", "S {{text}}", ...localArgs], folder);
    expect(filesWith(workspace, "PATIENT").length).toBeGreaterThan(0);
    const listed = await runCli(["runs", "--drafts", "--json"], folder);
    expect(JSON.parse(listed.stdout)).toMatchObject({ drafts: [{ isInUse: false, fileCount: expect.any(Number) }] });
    expect((await runCli(["runs", "--drafts"], folder)).stdout).toContain("left by a plan");
    const planned = await runCli(["clean", "--plan"], folder);
    expect(planned.stdout).toContain("a copy of its table");
    expect(filesWith(workspace, "PATIENT").length).toBeGreaterThan(0);
    const cleaned = await runCli(["clean", "--local", "--yes"], folder);
    expect([cleaned.code, cleaned.stdout]).toEqual([
      0,
      expect.stringMatching(/Removed 1 draft of plans\.[\s\S]*What remains in [\s\S]*ledger\.db/),
    ]);
    expect(filesWith(workspace, "PATIENT")).toEqual([]);
  });

  it("after a run, also in the local service, and without --local where the workspace knows", async () => {
    const folder = openCase("clean-leaves-drafts");
    const workspace = join(folder, ".halfprice");
    await runCli(["run", "t.csv", "--prompt", "S {{text}}", ...localArgs, "-o", "o.csv"], folder);
    await runCli(["try", "t.csv", "--prompt", "T {{text}}", "--model", "claude-haiku-4.5", "--local"], folder);
    await runCli(["plan", "t.csv", "--prompt", "U {{text}}", ...localArgs], folder);
    const refused = await runCli(["clean"], folder);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/NOT_CONFIRMED/)]);
    const { code, stdout } = await runCli(["clean", "--yes"], folder);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Removed the data of the workspace's local service.")]);
    expect(stdout).toMatch(/o\.csv +\S+ \S+ +a table that a run has written for you/);
    expect(filesWith(workspace, "PATIENT")).toEqual([]);
    expect(existsSync(join(workspace, "local"))).toBe(false);
    expect(
      filesWith(folder, "PATIENT")
        .map((path) => path.slice(folder.length + 1))
        .sort(),
    ).toEqual(["o.csv", "t.csv"]);
    const listed = await runCli(["runs", "--json"], folder);
    expect(JSON.parse(listed.stdout)).toMatchObject({ runs: [{ state: "done", wouldCostUsd: expect.any(Number) }] });
    const again = await runCli(["clean", "--json"], folder);
    expect(JSON.parse(again.stdout)).toMatchObject({
      removed: false,
      origin: { kind: "local", region: "us-east-1" },
      runs: [],
      drafts: [],
      remains: expect.any(Array),
    });
  });

  it("after runs at the workspace's own service and at another one, each where it was", async () => {
    const folder = openCase("clean-leaves-drafts");
    const workspace = join(folder, ".halfprice");
    const server = await startLocal({ speed: 6000, seed: 1, quotas: ["min-records=1"], dataDir: join(folder, "aws") });
    const { AWS_ENDPOINT_URL: url, ...env } = server.env;
    const { connection, place } = await placeOn(server);
    const at = ["--endpoint-url", url, ...place];
    const asked = (text: string): string[] => ["--prompt", text, "--model", "claude-haiku-4.5", "--yes"];
    for (const text of ["A {{text}}", "B {{text}}"]) await runCli(["run", "t.csv", ...asked(text), ...at], folder, env);
    await runCli(["run", "t.csv", ...asked("C {{text}}"), ...localArgs], folder);
    const ids = JSON.parse((await runCli(["runs", "--json"], folder)).stdout).runs.map(({ id }: { id: string }) => id);
    const misled = await runCli(["clean", ids[1], "--local", "--yes"], folder);
    expect([misled.code, misled.stderr]).toEqual([
      2,
      expect.stringContaining(`belongs to the local service at ${url}`),
    ]);
    const one = await runCli(["clean", ids[2], "--yes"], folder, env);
    expect([one.code, one.stdout]).toEqual([0, expect.stringMatching(/S3 +3 objects/)]);
    const keys = async (): Promise<readonly string[]> => {
      const storage = openObjectStorage(connection);
      const listed = await storage.list("my-bucket", "");
      storage.close();
      return listed.map(({ key }) => key);
    };
    expect(await keys()).toHaveLength(3);
    const both = await runCli(["clean", "--yes"], folder, env);
    expect([both.stderr, both.code, both.stdout].slice(1), both.stderr).toEqual([
      0,
      expect.stringContaining("Removed what 2 runs had left."),
    ]);
    expect([await keys(), filesWith(workspace, "PATIENT")]).toEqual([[], []]);

    await runCli(["run", "t.csv", ...asked("D {{text}}"), ...at], folder, env);
    await runCli(["run", "t.csv", ...asked("E {{text}}"), ...localArgs], folder);
    await server.close();
    const apart = await runCli(["clean", "--yes"], folder, { ...env, AWS_MAX_ATTEMPTS: "1" });
    expect([apart.code, apart.stdout]).toEqual([0, expect.stringContaining("Removed what 1 run had left.")]);
    expect(apart.stdout).toMatch(new RegExp(`Left \\S+ alone: the service at ${url} does not answer\\.`));
  });

  it("but leaves the draft alone that a living process is at", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", "id,text\n1,a\n");
    await runCli(["plan", "t.csv", "--prompt", "S {{text}}", ...localArgs], folder);
    const [id = ""] = readdirSync(join(folder, ".halfprice", "runs"));
    const owner = join(".halfprice", "runs", id, "draft.json");
    writeFile(folder, owner, JSON.stringify({ pid: process.pid, host: hostname() }));
    const { stdout } = await runCli(["clean", "--yes"], folder);
    expect(stdout).toContain(`Left the draft ${id} alone`);
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFile(folder, owner, JSON.stringify({ pid: dead, host: hostname() }));
    expect((await runCli(["clean", "--yes"], folder)).stdout).toContain("Removed 1 draft");
  });
});

describe("a run is named", () => {
  it("by table and prompt where nobody gave a name, and latest is the one that was begun last", async () => {
    const folder = makeFolder();
    writeFile(folder, "reviews.csv", "id,text\n1,a\n");
    writeFile(folder, "sentiment.md", "---\nmodel: claude-haiku-4.5\n---\nMood of {{text}}\n");
    const where = ["--local", "--below-minimum", "on-demand"];
    await runCli(["run", "reviews.csv", "sentiment.md", ...where], folder);
    await runCli(
      ["run", "reviews.csv", "--prompt", "What is {{text}} in French?", "--model", "claude-haiku-4.5", ...where],
      folder,
    );
    const { runs } = JSON.parse((await runCli(["runs", "--json"], folder)).stdout) as {
      runs: { id: string; name: string }[];
    };
    expect(runs.map(({ name }) => name)).toEqual(["reviews-what-is-in", "reviews-sentiment"]);
    const shown = await runCli(["show", "latest", "--json"], folder);
    expect(JSON.parse(shown.stdout)).toMatchObject({ row: { id: runs[0]?.id } });
    expect((await runCli(["show", "reviews"], folder)).stderr).toContain("AMBIGUOUS_RUN");
    expect((await runCli(["export", "reviews-sentiment", "-o", "o.csv"], folder)).code).toBe(0);
    expect(
      (
        await runCli(
          [
            "plan",
            "run:latest",
            "--prompt",
            "{{answer}}",
            "--answer-prefix",
            "b_",
            "--model",
            "claude-haiku-4.5",
            ...where,
          ],
          folder,
        )
      ).code,
    ).toBe(0);
    expect((await runCli(["show", "latest"], makeFolder())).stderr).toContain("UNKNOWN_RUN");
  });
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli, startCli } from "../support/run-cli.ts";
import { serve } from "../support/serve.ts";

const texts = (count: number): string =>
  makeCsv(
    ["id", "text"],
    Array.from({ length: count }, (_, index) => [String(index), `text number ${index}`]),
  );
const prompt = ["--prompt", "Repeat: {{text}}", "--model", "claude-haiku-4.5"];

describe("halfprice run", () => {
  it("takes a table to a table, and prints job, places and the money line", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(150));
    const { env, place } = await serve();
    const { code, stdout, stderr } = await runCli(
      ["run", "t.csv", ...prompt, ...place, "--yes", "-o", "out.parquet"],
      folder,
      env,
    );
    expect(stderr).toMatch(/arn:aws:bedrock:us-east-1:123456789012:model-invocation-job\/[a-z0-9]{12}/);
    expect(stderr).toMatch(
      /from s3:\/\/my-bucket\/halfprice\/runs\/\S+\/input\/shard-00001\.jsonl\n +to {3}s3:\/\/my-bucket\/halfprice\/runs\/\S+\/output\//,
    );
    expect(stdout).toMatch(/150 rows · 150 answered · 1 job · .*local service; answers are simulated/);
    expect(stdout).toMatch(/would cost \$0\.0\d+, on demand \$0\.0\d+/);
    expect(stdout).not.toMatch(/saved/);
    expect(code).toBe(0);
    const engine = await openTestEngine(folder);
    const [row] = await engine.rows(
      `SELECT count(*) AS rows, sum(CASE WHEN "_halfprice_outcome" = 'answered' THEN 1 ELSE 0 END) AS answered FROM read_parquet('${join(folder, "out.parquet")}')`,
    );
    expect(row).toEqual({ rows: 150, answered: 150 });
  });

  it("without a terminal and without --yes prints the plan, sends nothing, and exits 2", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(150));
    const { env, place } = await serve();
    const { code, stdout, stderr } = await runCli(["run", "t.csv", ...prompt, ...place], folder, env);
    expect(code).toBe(2);
    expect(stdout).toMatch(/Records\s+150 distinct requests/);
    expect(stderr).toContain("error NOT_CONFIRMED");
    expect(stderr).toContain("halfprice run t.csv --prompt 'Repeat: {{text}}'");
    expect(readdirSync(join(folder, ".halfprice", "runs"))).toEqual([]);
    expect((await runCli(["runs"], folder)).stdout).toContain("No runs");
  });

  it("with --json prints one document on stdout", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(120));
    const { env, place } = await serve();
    const { stdout, code } = await runCli(["run", "t.csv", ...prompt, ...place, "--yes", "--json"], folder, env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: "done", rowCount: 120, outcomeCounts: { answered: 120 } });
  });

  it("that is killed in the middle and run again ends in the same table, with nothing sent twice", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(300));
    const { env, place, server } = await serve({ speed: 400 });
    const args = ["run", "t.csv", ...prompt, ...place, "--yes", "-o", "out.jsonl"];
    const first = startCli(args, folder, env);
    await first.waitFor(/model-invocation-job/);
    first.child.kill("SIGKILL");
    await first.done;
    const again = await runCli(args, folder, env);
    expect(again.stderr).toMatch(/joining the run \S+/);
    expect(again.code).toBe(0);
    const rows = readFileSync(join(folder, "out.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: string });
    expect(rows.map(({ id }) => Number(id))).toEqual(Array.from({ length: 300 }, (_, index) => index));
    const jobs = await fetch(`${server.url}/model-invocation-jobs`).then(
      (response) => response.json() as Promise<{ invocationJobSummaries: unknown[] }>,
    );
    expect(jobs.invocationJobSummaries).toHaveLength(1);
  });

  it("that is killed with its own local service goes on where it was with --local again", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(200));
    const args = ["run", "t.csv", ...prompt, "--local", "-o", "out.csv"];
    const first = startCli(args, folder);
    await first.waitFor(/model-invocation-job/);
    first.child.kill("SIGKILL");
    await first.done;
    const again = await runCli(args, folder);
    expect(again.stderr).toMatch(/joining the run/);
    expect(again.stdout).toMatch(/200 rows · 200 answered · 1 job/);
    expect(readFileSync(join(folder, "out.csv"), "utf8").trim().split("\n")).toHaveLength(201);
  });

  it("leaves the jobs running on Ctrl-C, exits 130, and says how to resume the run, which works", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(150));
    const { env, place } = await serve({ speed: 400 });
    const first = startCli(["run", "t.csv", ...prompt, ...place, "--yes"], folder, env);
    await first.waitFor(/model-invocation-job/);
    first.child.kill("SIGINT");
    const { code, stderr } = await first.done;
    expect(code).toBe(130);
    const id = /halfprice resume (\S+)/.exec(stderr)?.[1] ?? "";
    const resumed = await runCli(["resume", id], folder, env);
    expect(resumed.stdout).toMatch(/150 rows · 150 answered · 1 job/);
    const shown = await runCli(["show", id], folder);
    expect(shown.stdout).toMatch(/Completed/);
    expect(shown.stdout).toMatch(/arn:aws:bedrock/);
    const exported = await runCli(["export", id, "-o", "again.csv"], folder);
    expect([exported.code, existsSync(join(folder, "again.csv"))]).toEqual([0, true]);
    expect((await runCli(["runs"], folder)).stdout).toMatch(new RegExp(`${id}\\s+t-repeat\\s+done\\s+local`));
  });

  it("that is followed is stopped from another process, and the follower keeps what there is", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(150));
    const { env, place } = await serve({ speed: 60 });
    const following = startCli(["run", "t.csv", ...prompt, ...place, "--yes"], folder, env);
    await following.waitFor(/arn:aws:bedrock/);
    const stopped = await runCli(["stop", "t"], folder, env);
    expect([stopped.code, stopped.stderr]).toEqual([5, expect.stringContaining("1 job is still under way")]);
    const { code, stdout, stderr } = await following.done;
    expect(stdout).toMatch(/150 rows · 0 answered · 1 job/);
    expect([code, stderr]).toEqual([3, expect.stringContaining("ended Stopped")]);
    expect((await runCli(["show", "t"], folder)).stdout).toMatch(/, stopped$/m);
  });

  it("--detach returns after submission with exit 5; collect says the same until the job has ended", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(150));
    const { env, place } = await serve({ speed: 300 });
    const detached = await runCli(["run", "t.csv", ...prompt, ...place, "--yes", "--detach"], folder, env);
    expect(detached.code).toBe(5);
    const id = /halfprice resume (\S+)/.exec(detached.stderr)?.[1] ?? "";
    expect((await runCli(["collect", id], folder, env)).code).toBe(5);
    expect((await runCli(["show", id], folder)).stdout).toContain(`halfprice resume ${id}`);
    expect((await runCli(["export", id, "-o", "x.csv"], folder)).stderr).toContain("error NO_RESULTS");
    expect((await runCli(["resume", id], folder, env)).code).toBe(0);
    expect((await runCli(["collect", id], folder, env)).code).toBe(0);
  });
});

describe("before anything is uploaded", () => {
  async function attempt(args: (place: string[]) => string[], more: Record<string, string> = {}) {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(150));
    const { env, place, server } = await serve();
    const result = await runCli(["run", "t.csv", ...prompt, "--yes", ...args(place)], folder, { ...env, ...more });
    const listed = await fetch(`${server.url}/my-bucket?list-type=2`).then((response) => response.text());
    expect(listed).not.toContain("<Key>");
    return result;
  }

  it("a bucket that is not there is refused", async () => {
    const { code, stderr } = await attempt(([, , ...role]) => ["--bucket", "other-bucket", ...role]);
    expect([code, stderr]).toEqual([3, expect.stringContaining("error BUCKET_NOT_FOUND")]);
    expect(stderr).toContain("halfprice setup --bucket other-bucket");
  });

  it("a bucket in another region is refused", async () => {
    const { code, stderr } = await attempt((place) => [...place, "--region", "eu-central-1"]);
    expect([code, stderr]).toEqual([3, expect.stringContaining("error BUCKET_REGION")]);
    expect(stderr).toContain("--region us-east-1");
  });

  it("a prefix that leaves no room for a run's files is refused", async () => {
    const { code, stderr } = await attempt((place) => [...place, "--prefix", `${"p".repeat(900)}/`]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("it has to be at most 800 letters")]);
  });

  it("a role that is not there, or of another account, is refused", async () => {
    const missing = await attempt(([...place]) => [
      ...place.slice(0, 2),
      "--role",
      "arn:aws:iam::123456789012:role/Nobody",
    ]);
    expect(missing.stderr).toContain("error ROLE_NOT_FOUND");
    const foreign = await attempt(([...place]) => [
      ...place.slice(0, 2),
      "--role",
      "arn:aws:iam::999999999999:role/BatchRole",
    ]);
    expect(foreign.stderr).toContain("error ROLE_ACCOUNT");
  });

  it("no bucket and no role are refused with the flags, and what makes both", async () => {
    const { code, stderr } = await attempt(() => []);
    expect(code).toBe(2);
    for (const words of ["error NO_BUCKET", "--bucket NAME", "--role ARN", "halfprice setup makes both"]) {
      expect(stderr).toContain(words);
    }
  });

  it("no credentials, no region, and an endpoint that nobody answers are each refused", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(150));
    const run = [
      "run",
      "t.csv",
      ...prompt,
      "--yes",
      "--bucket",
      "my-bucket",
      "--role",
      "arn:aws:iam::123456789012:role/R",
    ];
    const keys = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
    const noKeys = await runCli([...run, "--region", "us-east-1", "--endpoint-url", "http://127.0.0.1:9"], folder);
    expect([noKeys.code, noKeys.stderr]).toEqual([3, expect.stringContaining("error NO_CREDENTIALS")]);
    const noRegion = await runCli([...run, "--endpoint-url", "http://127.0.0.1:9"], folder, keys);
    expect([noRegion.code, noRegion.stderr]).toEqual([2, expect.stringContaining("error NO_REGION")]);
    const nobody = await runCli(
      [...run, "--region", "us-east-1", "--endpoint-url", "http://127.0.0.1:9"],
      folder,
      keys,
    );
    expect([nobody.code, nobody.stderr]).toEqual([3, expect.stringContaining("error UNREACHABLE")]);
    expect(nobody.stderr).toContain("127.0.0.1:9");
  });
});

describe("halfprice try", () => {
  it("shows a few answers and what they would cost, and keeps nothing", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", texts(10));
    const { code, stdout } = await runCli(["try", "t.csv", ...prompt, "--local", "--limit", "2"], folder);
    expect(code).toBe(0);
    expect(stdout.match(/row \d+ {2}answered/g)).toHaveLength(2);
    expect(stdout).toMatch(/2 rows · \d+ input tokens, \d+ output tokens · \$0\.\d+ on demand on AWS/);
    expect(readdirSync(join(folder, ".halfprice", "runs"))).toEqual([]);
  });
});

describe("halfprice setup", () => {
  it("asks first, makes what it showed, says what comes next, and takes it back", async () => {
    const { env } = await serve();
    const folder = makeFolder();
    const asked = await runCli(["setup", "--model", "nova-lite"], folder, env);
    expect(asked.code).toBe(2);
    expect(asked.stdout).toContain("+ bucket halfprice-123456789012-us-east-1: in us-east-1");
    expect(asked.stderr).toContain("halfprice setup --model nova-lite --yes");
    expect(existsSync(join(folder, "halfprice.config.json"))).toBe(false);
    const made = await runCli(["setup", "--model", "nova-lite", "--yes"], folder, env);
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^Next {3}halfprice run your\.csv .* --model nova-lite -o answers\.parquet$/m);
    const again = await runCli(["setup", "--json"], folder, env);
    expect(again.code).toBe(0);
    const { parts } = JSON.parse(again.stdout) as { parts: { action: string }[] };
    expect(new Set(parts.map(({ action }) => action))).toEqual(new Set(["keep"]));
    const undone = await runCli(["setup", "--undo", "--yes", "--json"], folder, env);
    expect(undone.code).toBe(0);
    const { steps } = JSON.parse(undone.stdout) as { steps: { action: string }[] };
    expect(new Set(steps.map(({ action }) => action))).toEqual(new Set(["remove"]));
    expect(existsSync(join(folder, "halfprice.config.json"))).toBe(false);
  });
});

describe("halfprice setup --print", () => {
  it("writes four policies for this account, each a JSON document", async () => {
    const { env } = await serve();
    const { stdout, code } = await runCli(["setup", "--print", "--bucket", "my-bucket", "--json"], makeFolder(), env);
    expect(code).toBe(0);
    const { policies, accountId } = JSON.parse(stdout) as {
      policies: Record<string, { Version: string }>;
      accountId: string;
    };
    expect(accountId).toBe("123456789012");
    expect(Object.keys(policies)).toEqual(["trust", "role", "bucket", "caller"]);
    for (const policy of Object.values(policies)) expect(policy.Version).toBe("2012-10-17");
  });
});

describe("halfprice demo", () => {
  it("takes ten thousand rows to a table, a preview and the money line, and starts afresh each time", async () => {
    const folder = makeFolder();
    const { code, stdout } = await runCli(["demo"], folder);
    expect(stdout).toMatch(
      /^10,003 rows · 10,003 answered · 1 job · \d+ s {3}\(local service; answers are simulated, not a model's\)\n/,
    );
    expect(stdout).toMatch(/^text +intent +_halfprice_outcome$/m);
    expect(stdout).toMatch(
      /^On AWS with Nova 2 Lite, prices of \d{4}-\d\d-\d\d: would cost \$\d\.\d\d, on demand \$\d+\.\d\d$/m,
    );
    expect(stdout).toContain("Table      halfprice-demo/results.parquet");
    expect(stdout).toContain('Your data  halfprice try your.csv --prompt "…{{column}}…" --model nova-2-lite');
    expect(code).toBe(0);
    const engine = await openTestEngine(folder);
    const [compared] = await engine.rows(`
      SELECT count(*) AS rows, sum((i.text = r.text AND i.category = r.category)::INT) AS same, count(DISTINCT r.intent) AS intents
      FROM read_csv('${join(folder, "halfprice-demo/banking77.csv")}', all_varchar = true) i
      POSITIONAL JOIN read_parquet('${join(folder, "halfprice-demo/results.parquet")}') r`);
    expect(compared).toMatchObject({ rows: 10_003, same: 10_003 });
    expect(Number(compared?.["intents"])).toBeGreaterThan(30);
    writeFile(folder, "halfprice-demo/stray.txt", "x");
    expect((await runCli(["demo", "--quiet"], folder)).code).toBe(0);
    expect(existsSync(join(folder, "halfprice-demo/stray.txt"))).toBe(false);
  }, 60_000);

  it("does not touch a folder of its name that it did not make", async () => {
    const folder = makeFolder();
    writeFile(folder, "halfprice-demo/mine.txt", "x");
    const { code, stderr } = await runCli(["demo"], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining("did not make it")]);
    expect(existsSync(join(folder, "halfprice-demo/mine.txt"))).toBe(true);
  });
});

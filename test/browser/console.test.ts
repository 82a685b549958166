import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLocalState } from "../../src/admin.ts";
import { type Console, startConsole } from "../../src/console/start-console.ts";
import { type BatchRun, defineBatch, rows, runBatch } from "../../src/index.ts";

const pagesFolder = fileURLToPath(new URL("../../dist/console/web/", import.meta.url));
const recipe = fileURLToPath(new URL("../../recipes/classify/messages.csv", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "halfprice-test-"));
const session = { local: true, workspace: join(folder, "w") } as const;
const output = { type: "object", properties: { label: { enum: ["good", "bad"] } }, required: ["label"] } as const;

/** What a cell may try, and a direction that a cell may turn round. */
const evil = `<img src="https://example.com/x.png" onerror="document.title='stolen'"><script>document.title='stolen'</script>`;
const input = Array.from({ length: 120 }, (_, index) => ({
  id: index,
  text: index === 1 ? evil : index === 2 ? "a\u202Eb" : `text ${index}`,
}));

let browser: Browser;
let page: Page;
let server: Console;
let base: string;
let one: BatchRun;
let other: BatchRun;
const trouble: string[] = [];

const ask = (question: string, maxTokens = 200): Promise<BatchRun> =>
  runBatch(
    defineBatch({
      input: rows(input),
      model: "nova-lite",
      output,
      maxTokens,
      prompt: `${question}: {{text}}`,
      name: question,
    }),
    session,
  );

/** No page may have a violation, in light or dark. */
async function expectAccessible(): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // The browser is a single process: it would end with a page that is closed.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => [colorScheme, id, nodes.map(({ html }) => html.slice(0, 160))])).toEqual(
      [],
    );
  }
}

const open = async (path: string): Promise<void> => {
  await page.goto(`${base}/#/${path}`);
};

const send = (
  path: string,
  headers: Readonly<Record<string, string>>,
  method = "GET",
): Promise<{ status: number | undefined; headers: Readonly<Record<string, unknown>> }> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(base);
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, headers: response.headers });
    });
    sent.on("error", reject);
    sent.end();
  });

beforeAll(async () => {
  one = await ask("Judge");
  other = await ask("Is it good");
  await ask("Too short", 1);
  server = await startConsole({ session, port: 0, version: "0.0.0", pagesFolder });
  base = new URL(server.url).origin;
  browser = await chromium.launch({ executablePath: await sparticuz.executablePath(), args: sparticuz.args });
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on(
    "request",
    (each) => each.url().startsWith(base) || each.url().startsWith("data:") || trouble.push(each.url()),
  );
  page.on("console", (message) => trouble.push(message.text()));
  page.on("pageerror", (error) => trouble.push(error.message));
  await page.goto(server.url);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("halfprice console in a browser", () => {
  it("lets in who has the token, and no page of another origin or name", async () => {
    const { host } = new URL(base);
    const token = new URL(server.url).searchParams.get("token") ?? "";
    const cookie = `halfprice-console-${new URL(base).port}=${token}`;
    expect((await send("/api/runs", { host })).status).toBe(401);
    expect((await send("/app.js", { host })).status).toBe(401);
    expect((await send("/?token=wrong", { host })).status).toBe(401);
    expect((await send("/api/runs", { host, cookie })).status).toBe(200);
    expect((await send("/api/runs", { host: "evil.example", cookie })).status).toBe(403);
    expect((await send("/api/runs", { host, cookie, origin: "https://evil.example" })).status).toBe(403);
    expect((await send("/api/runs", { host, cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await send(`/api/runs/${one.id}/act`, { host, cookie, origin: "null" }, "POST")).status).toBe(403);
    const entered = await send(`/?token=${token}`, { host });
    expect([entered.status, entered.headers["location"], String(entered.headers["set-cookie"])]).toEqual([
      303,
      "/",
      expect.stringMatching(/HttpOnly; SameSite=Strict/),
    ]);
    const policy = String((await send("/", { host, cookie })).headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    // The token does not stay in the address.
    await page.waitForSelector("h1");
    expect(page.url()).not.toContain(token);
  });

  it("lists runs, finds one, and shows it with its errors' cause and fix", async () => {
    await open("runs");
    await page.waitForSelector("table.list tbody tr");
    expect(await page.locator("table.list tbody tr").count()).toBe(3);
    await expectAccessible();
    await page.getByLabel("Search").fill("too");
    await expect.poll(() => page.locator("table.list tbody tr").count()).toBe(1);
    await page.getByRole("link", { name: "Too short" }).click();
    await page.getByRole("heading", { name: "Without an answer, by cause" }).waitFor();
    expect(await page.textContent(".cause")).toMatch(/120 rows truncated[\s\S]*max[_-]tokens/);
    expect(await page.textContent(".actions")).toContain("halfprice retry");
    await expectAccessible();
    await page.getByRole("link", { name: "120 rows truncated" }).click();
    await page.waitForSelector(".grid-row");
    expect(await page.locator(".chip[aria-pressed=true]").textContent()).toBe("truncated");
    // To send rows again costs money: it is asked first.
    await page.getByRole("button", { name: "Retry these rows" }).click();
    await page.getByText("They cost what they cost before.").waitFor();
    await expectAccessible();
    await page.getByRole("button", { name: "No", exact: true }).click();
    await page.getByText("They cost what they cost before.").waitFor({ state: "detached" });
  });

  it("shows rows by filter, chart and text; a cell is never markup, and hidden letters are seen", async () => {
    await open(`runs/${one.id}/rows`);
    await page.locator(".grid-row", { hasText: "<img src=" }).waitFor();
    expect(await page.locator(".grid-row", { hasText: "a⟨U+202E⟩b" }).count()).toBe(1);
    await expectAccessible();
    await page.getByRole("button", { name: "label", exact: true }).click();
    await page.locator(".chart-panel .bar").first().waitFor();
    await expectAccessible();
    await page.locator(".chart-panel button.bar", { hasText: "good" }).click();
    const [good] = await one.query<{ n: number }>("SELECT count(*) AS n FROM results WHERE label = 'good'");
    await page.getByText(`${good?.n} rows`, { exact: true }).waitFor();
    await page.getByRole("button", { name: /Remove the filter label = good/ }).click();
    await page.getByLabel("Text in any column").fill("text 11");
    await page.getByText("11 rows", { exact: true }).waitFor();
    await page.getByLabel("Condition (SQL)").fill("id > 112");
    await page.getByText("7 rows", { exact: true }).waitFor();
    const file = join(folder, "view.csv");
    await page.getByLabel("File to export to").fill(file);
    await page.getByRole("button", { name: "Export these rows" }).click();
    await page.getByText("Written:").waitFor();
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(8);
    // By keyboard alone: down two rows, and open.
    await page.locator(".grid-row", { hasText: "text 114" }).waitFor();
    await page.locator(".grid").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Prompt as sent" }).waitFor();
    expect(await page.textContent("dialog")).toMatch(/Judge: text 114[\s\S]*"text"/);
    await expectAccessible();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await page.getByText("Columns", { exact: true }).click();
    await page.getByLabel("Show id").click();
    await page.getByRole("columnheader", { name: "id", exact: true }).waitFor({ state: "detached" });
    await page.getByLabel("Pin text").click();
    expect(await page.locator(".cell.head.pinned", { hasText: "text" }).count()).toBe(1);
    // A value of the data stands in a command that people paste: a shell must not run what it says.
    await page.getByLabel("Condition (SQL)").fill("text <> '$(id)'");
    await page.getByText("11 rows", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Copy as SQL" }).click();
    await page.locator(".command code", { hasText: "--query" }).waitFor();
    const command = await page.locator(".command code", { hasText: "--query" }).textContent();
    const words = execFileSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" });
    expect(words).toMatch(/^halfprice\nshow\n\S+\n--query\nSELECT \* FROM results WHERE .*text <> '\$\(id\)'/);
    await page.getByLabel("Condition (SQL)").fill("nonsense(");
    await page.getByText("BAD_QUERY").first().waitFor();
  });

  it("compares two runs: only the rows that differ", async () => {
    const comparison = await one.compare(other, "label");
    const differing = comparison.differingCount;
    comparison.close();
    await open(`compare?one=${one.id}&other=${other.id}`);
    await page.locator("td.one").first().waitFor();
    expect(await page.textContent(".tiles")).toContain(`${differing}of 120 rows differ`);
    expect(await page.locator("td.one").count()).toBe(Math.min(100, differing));
    expect(await page.textContent(".facts")).toMatch(/agreement0\.\d{3} \(0\.\d{3} to 0\.\d{3}\)/);
    await expectAccessible();
  });

  it("labels twenty rows by keyboard, blind; the interval narrows, and a gold file comes of it", async () => {
    await open(`runs/${one.id}/label`);
    await page.getByLabel("Rows at random").fill("20");
    await page.getByRole("button", { name: "Begin" }).click();
    const widths: number[] = [];
    for (let done = 0; done < 20; done += 1) {
      await page.getByText(`${done} of 20`, { exact: true }).waitFor();
      await page.locator(".card h2").waitFor();
      if (done === 2) await expectAccessible();
      await page.keyboard.press(done % 3 === 0 ? "2" : "1");
      await page.getByText(`${done + 1} of 20`, { exact: true }).waitFor();
      const [, low = "", high = ""] =
        /\((\S+) to (\S+)\)/.exec((await page.getByTestId("accuracy").textContent()) ?? "") ?? [];
      widths.push(Number(high) - Number(low));
    }
    expect(widths.at(-1)).toBeLessThan(widths[3] ?? 0);
    const gold = join(folder, "gold.csv");
    await page.getByLabel("Gold file (.csv)").fill(gold);
    await page.getByRole("button", { name: "Write gold file" }).click();
    await page.getByText("Written:").waitFor();
    expect(existsSync(gold)).toBe(true);
    expect(readFileSync(gold, "utf8").match(/,(?:good|bad)$/gm)).toHaveLength(20);
  });

  it("plans a new run as one types, tries rows, starts it, and follows it live", async () => {
    await open("new");
    await page.getByLabel(/^Table/).fill(recipe);
    await page.getByLabel(/^Prompt, with/).fill("Say who wrote: {{txet}}");
    await page.getByText("UNKNOWN_COLUMN").first().waitFor();
    await page.getByLabel(/^Prompt, with/).fill("Say who wrote: {{text}}");
    await page.getByText("Say who wrote: I am still waiting on my card?").first().waitFor();
    await page.getByText("308 rows;").waitFor();
    expect(await page.textContent(".command code")).toMatch(/halfprice run .*messages\.csv .*--local/);
    await expectAccessible();
    await page.getByRole("button", { name: "Try three rows" }).click();
    await page.getByRole("region", { name: "Rows that were tried" }).waitFor();
    await page.getByRole("button", { name: "Start the simulation" }).click();
    await page.waitForURL(/#\/runs\/\d/);
    await page.locator("h1 .s-done").waitFor({ timeout: 60_000 });
    expect(await page.textContent(".legend")).toContain("308 answered");
    await open("runs");
    await page.getByText("messages").first().waitFor();
  }, 120_000);

  it("lists the account's jobs and looks at the account, check by check", async () => {
    await open("jobs");
    await page.getByText("4 jobs", { exact: true }).waitFor();
    expect(await page.getByRole("link", { name: one.id }).count()).toBe(1);
    await expectAccessible();
    await open("doctor");
    await page.getByText("Ready to run.").waitFor();
    await expectAccessible();
  });

  it("shows the local service: its buckets, what was asked, faults that are switched on, the clock", async () => {
    await open("local");
    await page.getByText("Nothing is made to fail.").waitFor();
    await page.getByRole("region", { name: "Requests" }).waitFor();
    await page.getByRole("button", { name: "halfprice-local", exact: true }).click();
    await page.getByText(`halfprice/runs/${one.id}/input/shard-00001.jsonl`).waitFor();
    await expectAccessible();
    await page.getByLabel(/^Fault plan/).fill('{"calls": [{"operation": "NoSuch');
    await page.getByRole("button", { name: "Switch on" }).click();
    await page.getByText("the fault plan is not JSON").waitFor();
    await page.getByRole("button", { name: "one record in ten fails" }).click();
    await page.getByRole("button", { name: "Switch on" }).click();
    await page.getByText("The plan below holds.").waitFor();
    const failing = await ask("With faults");
    expect(failing.outcomes.error).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Switch off" }).click();
    await page.getByText("Nothing is made to fail.").waitFor();
    const before = (await readLocalState(session)).clock.nowMs;
    await page.getByRole("button", { name: "A day on" }).click();
    await expect.poll(async () => (await readLocalState(session)).clock.nowMs).toBeGreaterThan(before + 86_000_000);
  });

  it("fits a phone, runs nothing of the data's, and asks nothing of anyone else", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const [path, content] of [
      ["runs", "table.list tbody tr"],
      [`runs/${one.id}`, ".charts .bar"],
      [`runs/${one.id}/rows`, ".grid-row .cell"],
      [`compare?one=${one.id}&other=${other.id}`, "td.one"],
      ["new", "textarea"],
      ["doctor", ".checks li"],
      ["local", ".plain li"],
    ] as const) {
      await open(path);
      await page.locator(content).first().waitFor();
      expect([path, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([path, 390]);
    }
    expect(await page.title()).not.toBe("stolen");
    expect(trouble.filter((text) => !/BAD_QUERY|400 \(Bad Request\)/.test(text))).toEqual([]);
  });
});

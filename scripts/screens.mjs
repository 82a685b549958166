// Writes what people see into a folder (default: screens/): the report of each recipe at 1280 and 390 pixels, light and dark, with one
// run that failed; and the terminal at 60, 100 and 160 columns. For looking at: npm run screens -- --only classify
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import sparticuz from "@sparticuz/chromium";
import { chromium } from "playwright-core";
import { drawConsole } from "./screens-console.mjs";

const { values } = parseArgs({ options: { out: { type: "string", default: "screens" }, only: { type: "string" } } });
const root = fileURLToPath(new URL("..", import.meta.url));
const command = join(root, "dist/cli/main.js");
const out = resolve(values.out);
const folder = mkdtempSync(join(tmpdir(), "halfprice-screens-"));
mkdirSync(out, { recursive: true });

/** Runs halfprice; a run whose answers are not all there ends with 3 or 4. */
function run(args, cwd, env = {}) {
  const done = spawnSync(process.execPath, [command, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  if (done.status !== 0 && done.status !== 4 && done.status !== 3) throw new Error(`${args.join(" ")}: ${done.stderr}`);
  return done.stdout + done.stderr;
}

/** The same on a terminal of its own, with colours, as `script` records it. */
function runOnTerminal(args, cwd, columns) {
  const line = `stty cols ${columns} rows 50; exec ${[process.execPath, command, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ")}`;
  const done = spawnSync("script", ["-qec", line, "/dev/null"], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, TERM: "xterm-256color", NO_COLOR: "" },
  });
  return done.stdout;
}

const recipes = {
  classify: [
    ["run", "messages.csv", "classify.md", "--name", "classify"],
    ["eval", "classify", "--gold", "category", "--answer", "intent", "--json"],
  ],
  extract: [["run", "texts.csv", "extract.md", "--name", "extract"]],
  summarize: [["run", "passages.csv", "summarize.md", "--name", "summarize"]],
  analyze: [["run", "analyze.batch.ts", "--name", "analyze"]],
  judge: [
    ["run", "passages.csv", "summarize.md", "--name", "summarize"],
    ["run", "--input", "run:summarize", "judge.md", "--name", "judge"],
  ],
  embed: [["run", "messages.csv", "embed.md", "--name", "embed"]],
  failed: [["run", "messages.csv", "failed.md", "--name", "failed", "--limit", "101"]],
};

const wanted = Object.entries(recipes).filter(([name]) => values.only === undefined || values.only === name);
for (const [name, commands] of wanted) {
  const own = join(folder, name);
  run(["init", name === "failed" ? "classify" : name, own], folder);
  if (name === "failed") {
    // Ten tokens are too few for an answer of its schema.
    writeFileSync(
      join(own, "failed.md"),
      readFileSync(join(own, "classify.md"), "utf8").replace(/max_tokens: \d+/, "max_tokens: 10"),
    );
  }
  for (const args of commands) run(args[0] === "run" ? [...args, "--local", "--yes"] : args, own);
  cpSync(run(["report", name, "-o", join(own, "report.html")], own).trim(), join(out, `${name}.html`));
}

const browser = await chromium.launch({ executablePath: await sparticuz.executablePath(), args: sparticuz.args });
try {
  // The browser is a single process: it ends with its first page that is closed.
  const page = await browser.newPage();
  for (const [name] of wanted) {
    for (const width of [1280, 390]) {
      for (const colorScheme of ["light", "dark"]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await page.goto(pathToFileURL(join(out, `${name}.html`)).href);
        await page.screenshot({ path: join(out, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
    await page.pdf({ path: join(out, `${name}-print.pdf`), preferCSSPageSize: true });
  }
  if (values.only === undefined || values.only === "terminal") await drawTerminals(page);
  if (values.only === undefined || values.only === "console") await drawConsole(page, makeRuns(), out);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
console.error(`${readdirSync(out).length} files in ${out}`);

/** A workspace with two runs on the same rows, and one in which every row failed. */
function makeRuns() {
  const own = join(folder, "console");
  run(["init", "classify", own], folder);
  const prompt = readFileSync(join(own, "classify.md"), "utf8");
  writeFileSync(join(own, "other.md"), prompt.replace("Message:", "The customer writes:"));
  writeFileSync(join(own, "short.md"), prompt.replace(/max_tokens: \d+/, "max_tokens: 10"));
  for (const [name, file] of [
    ["one", "classify.md"],
    ["other", "other.md"],
    ["failed", "short.md"],
  ])
    run(["run", "messages.csv", file, "--name", name, "--local", "--yes"], own);
  run(["eval", "one", "--gold", "category", "--answer", "intent"], own);
  return own;
}

async function drawTerminals(page) {
  const own = join(folder, "terminal");
  run(["init", "classify", own], folder);
  for (const columns of [60, 100, 160]) {
    const shown = [
      ["run", ["run", "messages.csv", "classify.md", "--name", `at-${columns}`, "--local", "--yes", "--full-refresh"]],
      ["show", ["show", `at-${columns}`]],
      ["runs", ["runs"]],
      ["models", ["models", "--family", "anthropic-messages"]],
      ["eval", ["eval", `at-${columns}`, "--gold", "category", "--answer", "intent"]],
    ];
    for (const [name, args] of shown) {
      const text = runOnTerminal(args, own, columns);
      writeFileSync(join(out, `terminal-${name}-${columns}.txt`), text);
      await page.setViewportSize({ width: Math.round(columns * 8.43) + 24, height: 300 });
      await page.setContent(
        `<body style="background:#14171b;color:#d6dae0;margin:12px;font:14px/1.35 'DejaVu Sans Mono',monospace"><pre style="font:inherit;margin:0;width:${columns}ch;white-space:pre-wrap;overflow-wrap:anywhere">${toHtml(text)}</pre>`,
      );
      await page.screenshot({ path: join(out, `terminal-${name}-${columns}.png`), fullPage: true });
    }
  }
}

/** What stays on a terminal: blocks that were drawn anew are shown as they were each time, colours as spans. */
function toHtml(text) {
  const colors = {
    1: "font-weight:700",
    2: "opacity:.65",
    31: "color:#f2786d",
    32: "color:#4cc38a",
    33: "color:#e8a838",
    36: "color:#6fbbe6",
  };
  return text
    .replace(/\r/g, "")
    .replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter])
    .replace(/\u001b\[(\d+)A\u001b\[0J/g, '<span style="color:#555">⟲\n</span>')
    .replace(/\u001b\[(\d*)m/g, (_, code) =>
      colors[code] === undefined ? "</span>" : `<span style="${colors[code]}">`,
    );
}

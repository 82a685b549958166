import { Command, CommanderError } from "commander";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import { readVersion } from "../foundation/version.ts";
import { toWritten } from "./display/colors.ts";
import { Interrupted } from "./display/interrupted.ts";
import { endJson, wantJson } from "./json/json-document.ts";
import { addRawOutput } from "./options/options.ts";
import { describeError, formatError, toHalfpriceError } from "./print-error.ts";

// The SDK says on every start that a later version will want a newer Node.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** A command's module: loaded when it is asked for, so that `--help` loads none. */
interface CommandModule {
  readonly define: (command: Command) => void;
}

/** The commands, in the order of `--help`. */
export const commands: Readonly<Record<string, { summary: string; load: () => Promise<CommandModule> }>> = {
  demo: {
    summary: "the whole job on the local service, on data that ships with it",
    load: () => import("./commands/demo.ts"),
  },
  init: {
    summary: "a recipe that runs as it stands: prompt, real data, commands",
    load: () => import("./commands/init.ts"),
  },
  try: {
    summary: "a few rows now, on demand: the answers, and what they cost",
    load: () => import("./commands/try.ts"),
  },
  plan: { summary: "everything up to the question; spends nothing", load: () => import("./commands/plan.ts") },
  run: { summary: "plan, ask, submit, follow, collect, join, report", load: () => import("./commands/run.ts") },
  runs: { summary: "every run: state, rows, money", load: () => import("./commands/runs.ts") },
  show: { summary: "one run: jobs, outcomes, errors by cause, money", load: () => import("./commands/show.ts") },
  watch: { summary: "live progress of a run that another process works on", load: () => import("./commands/watch.ts") },
  resume: { summary: "resume a run from wherever it is", load: () => import("./commands/resume.ts") },
  collect: {
    summary: "one pass, no waiting: fetch what ended, submit what slots allow",
    load: () => import("./commands/collect.ts"),
  },
  parts: {
    summary: "the parts of a run, and what is to be done with each",
    load: () => import("./commands/parts/parts.ts"),
  },
  part: {
    summary: "prepare or join a part of a run, on any machine",
    load: () => import("./commands/parts/part.ts"),
  },
  retry: {
    summary: "send again what got no good answer and can get one",
    load: () => import("./commands/retry.ts"),
  },
  stop: { summary: "stop a run's jobs and keep what is there", load: () => import("./commands/stop.ts") },
  clean: {
    summary: "remove what runs have left in S3 and on disk; shows it first",
    load: () => import("./commands/clean.ts"),
  },
  adopt: {
    summary: "take in a job that was made elsewhere: its answers become a run's table",
    load: () => import("./commands/adopt.ts"),
  },
  eval: {
    summary: "how good the answers are, compared with gold or another run",
    load: () => import("./commands/eval.ts"),
  },
  "compare-models": {
    summary: "which model is good enough, and cheapest: measured on a sample",
    load: () => import("./commands/compare-models.ts"),
  },
  report: {
    summary: "a run's report again, as one HTML file or as Markdown",
    load: () => import("./commands/report.ts"),
  },
  export: { summary: "a run's table again, in another form", load: () => import("./commands/export.ts") },
  setup: {
    summary: "make bucket, role and policies: shows first, then asks",
    load: () => import("./commands/setup.ts"),
  },
  doctor: {
    summary: "every check, with cause and fix; reads only",
    load: () => import("./commands/doctor.ts"),
  },
  deploy: {
    summary: "put up a function that works on runs while nobody watches: shows first, then asks",
    load: () => import("./commands/deploy.ts"),
  },
  workspace: {
    summary: "copy a workspace, to S3 or back",
    load: () => import("./commands/workspace.ts"),
  },
  explain: {
    summary: "what a message of the service means, and what to do",
    load: () => import("./commands/explain.ts"),
  },
  models: { summary: "what can run in batch, where, at what price", load: () => import("./commands/models.ts") },
  serve: {
    summary: "OpenAI's and Anthropic's batch endpoints in front of Bedrock, for their own clients",
    load: () => import("./servers/serve.ts"),
  },
  console: {
    summary: "see, compare, label and start runs in the browser",
    load: () => import("./servers/console.ts"),
  },
  completions: {
    summary: "completions for bash, zsh and fish: commands, options, runs, columns",
    load: () => import("./commands/completions.ts"),
  },
  local: {
    summary: "the local service: S3, Bedrock and the rest on one port",
    load: () => import("./servers/local.ts"),
  },
};

/** What people type who know another tool. */
const otherNames: Readonly<Record<string, string>> = {
  ...{ list: "runs", ls: "runs", status: "show", info: "show", cancel: "stop", kill: "stop", abort: "stop" },
  ...{ continue: "resume", wait: "resume", fetch: "collect", download: "export", save: "export", output: "export" },
  ...{
    rm: "clean",
    remove: "clean",
    delete: "clean",
    check: "doctor",
    validate: "doctor",
    estimate: "plan",
    price: "plan",
  },
  ...{
    submit: "run",
    start: "run",
    test: "try",
    sample: "try",
    preview: "try",
    new: "init",
    create: "init",
    why: "explain",
  },
};

/** `help` and `help <command>` are what `--help` is. */
function readWords(words: readonly string[]): readonly string[] {
  const [first, second] = words;
  if (first !== "help") return words;
  return second === undefined || second.startsWith("-") ? ["--help"] : [second, "--help"];
}

async function makeProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command("halfprice")
    .description(
      "Run a prompt over every row of a table at half the on-demand price, with Amazon Bedrock batch inference.",
    )
    .version(readVersion(), "-V, --version")
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addHelpText(
      "after",
      "\nExample:\n  halfprice demo\n  halfprice run reviews.csv sentiment.md -o answers.parquet\n\nhalfprice <command> --help shows a command's options.",
    );
  const asked = argv.find((word) => !word.startsWith("-"));
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = program
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`);
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    if (name !== asked) continue;
    (await load()).define(command);
    addRawOutput(command);
  }
  if (asked !== undefined && commands[asked] === undefined) {
    const nearest = otherNames[asked] ?? findNearest(asked, Object.keys(commands));
    const problem = `there is no command ${asked}${nearest === undefined ? "" : `; the nearest is ${nearest}`}`;
    throw new HalfpriceError("BAD_OPTIONS", {
      problems: [problem],
      command: nearest === undefined ? "halfprice" : `halfprice ${nearest}`,
    });
  }
  return program;
}

function report(thrown: unknown, argv: readonly string[]): void {
  if (thrown instanceof Interrupted) {
    process.stderr.write("\ninterrupted; nothing was sent\n");
    return end(endJson({ error: { code: "INTERRUPTED", message: "interrupted; nothing was sent" } }), 130);
  }
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) process.exit(0);
    const command = `halfprice ${argv.find((word) => commands[word] !== undefined) ?? ""}`.trim();
    const problem = thrown.message
      .replace(/^error: /, "")
      .replace(/\n/g, " ")
      .trim();
    // Without a command commander shows the help and calls that an error.
    if (thrown.code === "commander.help") process.exit(2);
    thrown = new HalfpriceError("BAD_OPTIONS", { problems: [problem], command }, { cause: thrown });
  }
  const error = toHalfpriceError(thrown);
  process.stderr.write(`${toWritten(formatError(error))}\n`);
  end(endJson(describeError(error)), error.exitCode);
}

/** Prints the one document, where there is one, and ends when it is written: a pipe takes it piece by piece. */
function end(document: string | undefined, code: number): void {
  process.exitCode = code;
  if (document === undefined) process.exit(code);
  process.stdout.write(`${document}\n`, () => process.exit(code));
}

const argv = readWords(process.argv.slice(2));
if (argv.includes("--json")) wantJson();
process.on("uncaughtException", (error) => report(error, argv));
// A reader that has seen enough (`| head`) closes the pipe: that is no fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
try {
  // What a shell asks at the tab key: an error would be in the way there.
  if (argv[0] === "__complete") {
    // A command that nobody types, beside those of the table: loaded as they are.
    const { complete } = await import("./complete/complete.ts");
    const found = await complete(argv.slice(1), commands).catch(() => []);
    // A line break in a name would be two words.
    const clean = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, " ");
    process.stdout.write(
      found.map(({ word, about }) => `${clean(word)}${about === undefined ? "" : `\t${clean(about)}`}\n`).join(""),
    );
    process.exit(0);
  }
  const program = await makeProgram(argv);
  if (argv.length === 0) program.outputHelp();
  else await program.parseAsync(argv, { from: "user" });
  const document = endJson();
  if (document !== undefined) process.stdout.write(`${document}\n`);
} catch (thrown) {
  report(thrown, argv);
}

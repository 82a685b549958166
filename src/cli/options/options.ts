import { type Command, Option } from "commander";
import type { RunOptionsInput } from "../../foundation/options/run-options.ts";
import { writeRaw } from "../display/colors.ts";

/** Options of every command. */
export interface CommonFlags {
  readonly workspace?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  readonly local?: boolean;
  readonly yes?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** The option of commands that see a run end. */
export interface NotifyFlags {
  readonly notify?: readonly string[];
}

/** Where a run's files and role are. */
export interface PlaceFlags {
  readonly bucket?: string;
  readonly prefix?: string;
  readonly role?: string;
  readonly kmsKey?: string;
  readonly vpcSubnets?: string;
  readonly vpcSecurityGroups?: string;
}

/** What names a prompt and a model. */
export interface PromptFlags {
  readonly prompt?: string;
  readonly schema?: string;
  readonly system?: string;
  readonly model?: string;
  readonly family?: string;
  readonly name?: string;
  readonly input?: string;
  readonly raw?: string | boolean;
  readonly invocation?: string;
  readonly structured?: string;
  readonly dimensions?: string;
}

/** The options of commands that plan a run. */
export type RunFlags = CommonFlags &
  PlaceFlags &
  PromptFlags &
  RunOptionsInput & {
    readonly output?: string;
    readonly detach?: boolean;
    readonly unattended?: boolean;
    readonly skipChecks?: boolean;
  };

/** Options of every command. */
export function addCommonOptions(command: Command): Command {
  return command
    .optionsGroup("AWS:")
    .option("--region <region>", "AWS region")
    .option("--profile <name>", "profile of your AWS configuration")
    .option("--endpoint-url <url>", "another endpoint than AWS's, for every service")
    .optionsGroup("General:")
    .addHelpOption(new Option("-h, --help", "display help for the command").helpGroup("General:"))
    .option("--json", "one JSON document on stdout, progress on stderr")
    .option(
      "--workspace <place>",
      "where runs and the ledger are kept: a folder, or s3://bucket/prefix (default: .halfprice)",
    )
    .option("--local", "on the local service: no account, no cost, simulated answers")
    .option("--yes", "do not ask")
    .option("--quiet", "print nothing but results and errors");
}

/** For commands that see a run end. */
export function addNotifyOption(command: Command): Command {
  return command
    .optionsGroup("Output:")
    .addOption(
      new Option(
        "--notify <way>",
        "say that the run has ended: desktop, command:<command>, webhook:<url> or sns:<topic ARN>; may be repeated",
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    );
}

/** Options that say where a run's files and role are. */
export function addPlaceOptions(command: Command): Command {
  return command
    .optionsGroup("AWS:")
    .option("--bucket <name>", "S3 bucket of the jobs' files (or HALFPRICE_BUCKET)")
    .option("--prefix <prefix>", "keys of the jobs' files begin with it (or HALFPRICE_PREFIX; default: halfprice/)")
    .option("--role <arn>", "service role that Bedrock assumes (or HALFPRICE_ROLE_ARN)")
    .option(
      "--kms-key <key>",
      "KMS key of input and output: ARN, id or alias (or HALFPRICE_KMS_KEY; default: S3's own)",
    )
    .option("--vpc-subnets <ids>", "run the jobs in a VPC: comma-separated subnets (or HALFPRICE_VPC_SUBNETS)")
    .option(
      "--vpc-security-groups <ids>",
      "comma-separated security groups of the jobs in the VPC (or HALFPRICE_VPC_SECURITY_GROUPS)",
    );
}

/** Options that name prompt and model. */
export function addPromptOptions(command: Command): Command {
  return command
    .optionsGroup("Table:")
    .option("--input <run:id>", "an earlier run's answers as the table: its id or name after run:")
    .option("--timezone <name>", "zone in which timestamps with a zone are written (default: UTC)")
    .optionsGroup("Prompt:")
    .option("--prompt <text>", "the prompt itself, with {{column}} where a cell goes")
    .option("--system <text>", "system prompt, the same for every row")
    .option("--schema <file>", "JSON Schema of the answers: one column per field")
    .option("--structured <how>", "how the schema is asked for: prompt or native (default: what is known of the model)")
    .option("--raw [column]", "the table has ready request bodies (default column: modelInput); sent as they are")
    .optionsGroup("Model:")
    .option("--model <model>", "alias, model id, inference profile id or ARN")
    .option("--allow-global", "use the global inference profile where the region has no other: data may go anywhere")
    .option("--max-tokens <n>", "maximum output tokens per answer")
    .option(
      "--thinking <how>",
      "thinking before the answer: on, off, or the most tokens of it (default: as the model does)",
    )
    .option("--effort <level>", "how much the model puts into an answer: low, medium, high, xhigh or max")
    .option("--dimensions <n>", "the length of a vector, for embedding models")
    .option("--invocation <form>", "how requests are written: model (its own body) or converse (default: model)")
    .option("--family <name>", "how requests are written, for a model that is not in the catalogue")
    .option("--price <in/out>", "batch price in dollars per million tokens: 0.55/2.75")
    .optionsGroup("Output:")
    .option("--name <name>", "what to call the run")
    .option("--answer-prefix <text>", "prefix of the names of result columns");
}

/** How a table is read, and which rows of it are asked about. */
export function addTableOptions(command: Command): Command {
  return command
    .optionsGroup("Table:")
    .option(
      "--sheet <name>",
      "which sheet of an Excel workbook: its name, or its number (default: the first visible one)",
    )
    .option("--delimiter <character>", "what stands between the cells of a CSV, such as ; or tab (default: detected)")
    .option("--quote <character>", "what stands around cells of a CSV; none: nothing does (default: a double quote)")
    .option("--no-header", "the first row has data and no names: columns are called column_1, column_2, …")
    .option("--skip-rows <n>", "lines to leave out before the names of the columns")
    .option("--encoding <name>", "encoding of CSV and JSON Lines, such as windows-1252 (default: utf-8)")
    .option("--skip-empty", "do not send rows with an empty cell where the prompt names one")
    .option("--on-prompt-error <how>", "a row at which a prompt function fails: fail, or skip it (default: fail)")
    .option(
      "--on-media-error <how>",
      "a row whose picture or document cannot be sent: fail, or skip it (default: fail)",
    );
}

/** Options of a run. */
export function addRunOptions(command: Command): Command {
  return addTableOptions(command)
    .option("--limit <n>", "only the first n rows")
    .option("--sample <n>", "sample n random rows, in the table's order")
    .option("--seed <n>", "another seed takes other rows, with --sample and --canary (default: 1)")
    .option("--select <columns>", "only these columns, comma-separated")
    .option("--sql <query>", "a query over the table, which it calls input")
    .option("--answers <n>", "answers per row, each in a row of its own (default: 1)")
    .optionsGroup("Cost:")
    .option("--max-cost <usd>", "stop where the run's upper estimate is over it")
    .option("--max-cost-total <usd>", "the same of all runs of the workspace: spent, reserved and the upper estimate")
    .option("--full-refresh", "send everything, also what earlier runs of the workspace have answered")
    .option("--canary <n>", "ask n random records on demand first, and stop where something is off")
    .option("--pack <rows>", "ask up to n rows in one request, or auto: as many as a canary shows to be no worse")
    .option("--pack-tolerance <share>", "with a canary: by how much packed answers may agree less (default: 0.02)")
    .optionsGroup("Sending:")
    .option("--route <way>", "batch, or on-demand: all of the table one by one, at the full price (default: batch)")
    .option("--below-minimum <how>", "records too few for a job: on-demand (full price) or fail (default: fail)")
    .option("--max-attempts <n>", "send what got no good answer again: at most n times in all (default: 1)")
    .option("--deadline <time>", "move what is stuck on demand in time: 07:00, or 2026-12-01T07:00 (see --max-cost)")
    .option("--timeout-hours <n>", "hours after which the service gives a job up: 24 to 168")
    .addOption(
      new Option("--tag <key=value>", "tag of the jobs; may be repeated")
        .argParser((value: string, before: string[] | undefined) => [...(before ?? []), value])
        .helpGroup("Sending:"),
    )
    .optionsGroup("Output:")
    .option("-o, --output <file>", "output file (.parquet, .csv, .jsonl, .xlsx) or s3:// object")
    .option("--overwrite", "let the output of --limit or --sample replace a file that is there")
    .option("--allow-missing <n>", "rows that may stay without an answer (default: 0)")
    .option("--safe-csv", "put an apostrophe before cells of a .csv that a spreadsheet would compute");
}

/** The options of a run that is done in parts. */
export interface PartsFlags {
  readonly partFiles?: string;
  readonly partBytes?: string;
  readonly removeJoined?: boolean;
  readonly workers?: string;
}

/** For commands that go on with a run, which may be one in parts. */
export function addWorkersOption(command: Command): Command {
  return command
    .optionsGroup("Parts:")
    .option(
      "--workers <n>",
      "with parts: processes that prepare and join them, 0 for none (default: as many as cores and memory are good for)",
    );
}

/** How a run is done in parts. */
export function addPartsOptions(command: Command): Command {
  const sized = command
    .optionsGroup("Parts:")
    .option("--part-files <n>", "split the run into parts of n consecutive files")
    .option("--part-bytes <size>", "split the run into parts of consecutive files, each of at most this size: 256MB")
    .option("--remove-joined", "with parts: remove what the jobs of a part have in S3 once it is joined");
  return addWorkersOption(sized);
}

/**
 * Lets a command write control characters of data, names and messages as they are. `--raw` says the same, but where it names a
 * column of ready request bodies.
 */
export function addRawOutput(command: Command): void {
  const isTaken = command.options.some(({ long }) => long === "--raw");
  command
    .optionsGroup("Output:")
    .option(isTaken ? "--raw-output" : "--raw, --raw-output", "write control characters of data as they are");
  command.hook("preAction", (_, action) => {
    if (action.opts()["rawOutput"] === true) writeRaw();
  });
}

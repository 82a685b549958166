/** Data: every error that halfprice can give. A code is permanent; message and fix live here and nowhere else. */
import { hideSecrets } from "./secrets.ts";
import type { Explanation } from "./types/index.ts";

/** Exit codes of the command (docs/errors.md explains each). */
export type ExitCode = 1 | 2 | 3 | 4 | 5;

interface Entry<Details> {
  readonly exitCode: ExitCode;
  /** What happened, with the value and the limit. */
  readonly says: (details: Details) => string;
  /** What to do, as a command where there is one. */
  readonly fix: (details: Details) => string;
  /** Why it happened, where what happened is told in another's words. */
  readonly why?: (details: Details) => string | undefined;
  /** For docs/errors.md: when it comes up. */
  readonly about: string;
}

const entry = <Details>(value: Entry<Details>): Entry<Details> => value;
const nearest = (name: string | undefined): string => (name === undefined ? "" : ` The nearest is ${name}.`);
const dollars = (usd: number): string => `$${usd > 0 && usd < 0.01 ? usd.toPrecision(2) : usd.toFixed(2)}`;
/** `answers.csv` → `answers-2.csv`: a name beside the one that cannot be used. */
const renamed = (path: string): string => path.replace(/(\.[^./\\]*)?$/, "-2$1");
const list = (lines: readonly string[]): string => lines.join("\n  ");

/** The catalogue. `docs/errors.md` is made from it. */
export const catalogue = {
  NO_SUCH_FILE: entry<{ path: string; nearest?: string | undefined }>({
    exitCode: 2,
    says: ({ path, nearest: other }) => `There is no file ${path}.${nearest(other)}`,
    fix: () => "check the path; a glob needs quotes: 'data/*.csv'",
    about: "A table, prompt or spec file that was named does not exist, or a glob matches nothing.",
  }),
  IS_A_DIRECTORY: entry<{ path: string }>({
    exitCode: 2,
    says: ({ path }) => `${path} is a directory; a table is a file or a glob.`,
    fix: ({ path }) => `name the files: '${path.replace(/\/+$/, "")}/*.csv'`,
    about: "A directory was given where a file is wanted.",
  }),
  UNREADABLE_FILE: entry<{ path: string; reason: string; fix?: string | undefined }>({
    exitCode: 2,
    says: ({ path, reason }) => `${path} cannot be read: ${reason}.`,
    fix: ({ fix }) => fix ?? "check the file's permissions",
    about: "The operating system refused to read a file, or a file of the workspace is broken.",
  }),
  UNKNOWN_FORMAT: entry<{ path: string }>({
    exitCode: 2,
    says: ({ path }) => `${path} is not a table that halfprice can read.`,
    fix: () => "use .csv, .tsv, .jsonl (or .ndjson) or .parquet",
    about: "The ending of a table's name says which format it has; this one says nothing known.",
  }),
  MIXED_FORMATS: entry<{ glob: string; formats: string }>({
    exitCode: 2,
    says: ({ glob, formats }) => `${glob} matches files of several formats: ${formats}.`,
    fix: () => "narrow the glob to one format, such as 'data/*.csv'",
    about: "All files of a glob are read as one table, so they have one format.",
  }),
  DIFFERENT_COLUMNS: entry<{ path: string; first: string; columns: string; firstColumns: string }>({
    exitCode: 2,
    says: ({ path, first, columns, firstColumns }) =>
      `${path} has the columns ${columns}; ${first} has ${firstColumns}. Files of one glob need the same columns.`,
    fix: () => "rename the columns, or run the files one by one",
    about: "Files of a glob are read as one table.",
  }),
  EMPTY_TABLE: entry<{ path: string }>({
    exitCode: 2,
    says: ({ path }) => `${path} has no rows.`,
    fix: () => "check that the file was written whole; a header alone is not a table",
    about: "The table is empty, or holds a header and nothing below it.",
  }),
  BROKEN_TABLE: entry<{ path: string; line?: number | undefined; problem: string; expected?: string | undefined }>({
    exitCode: 2,
    says: ({ path, line, problem, expected }) =>
      `${path}${line === undefined ? "" : `, line ${line}`}: ${problem}${expected === undefined ? "" : `; expected ${expected}`}.`,
    fix: () => "mend that line; a cell with the delimiter, a quote or a line break in it goes into double quotes",
    about:
      "The table does not follow its format: a row with too few or too many cells, an open quote, JSON that does not parse.",
  }),
  BAD_ENCODING: entry<{ path: string; line?: number | undefined; byteOffset?: number | undefined }>({
    exitCode: 2,
    says: ({ path, line, byteOffset }) =>
      `${path}${line === undefined ? "" : `, line ${line}`}${byteOffset === undefined ? "" : ` (byte ${byteOffset})`}: not valid UTF-8. halfprice reads UTF-8, and UTF-16 with a byte order mark.`,
    fix: ({ path }) => `convert it: iconv -f WINDOWS-1252 -t UTF-8 ${path} > utf8-${path.split("/").at(-1)}`,
    about: "The table's bytes are no UTF-8 text. Guessing an encoding would put wrong letters into prompts.",
  }),
  BAD_COLUMN_NAMES: entry<{ path: string; problems: readonly string[] }>({
    exitCode: 2,
    says: ({ path, problems }) => `${path} has column names that cannot be used:\n  ${list(problems)}`,
    fix: () => "give every column a name of its own in the first line",
    about: "Two columns have one name, or a column has none: a prompt could not say which it means.",
  }),
  BAD_ROWS: entry<{ name: string; row: number; problem: string }>({
    exitCode: 2,
    says: ({ name, row, problem }) => `${name}, row ${row}: ${problem}.`,
    fix: () => "give objects of texts, numbers, booleans, null, dates, arrays and objects: a key is a column",
    about: "A row that a program gave is not an object of JSON values.",
  }),
  UNKNOWN_COLUMN: entry<{
    column: string;
    where: string;
    columns: readonly string[];
    nearest?: string | undefined;
    isFunction?: true;
  }>({
    exitCode: 2,
    says: ({ column, where, columns, nearest: other }) =>
      `${where} uses the column ${column}, which the table does not have.${nearest(other)} Columns: ${columns.join(", ")}.`,
    fix: ({ nearest: other, isFunction }) =>
      other === undefined
        ? "use a column of the table"
        : isFunction === true
          ? `write row${/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(other) ? `.${other}` : `[${JSON.stringify(other)}]`}`
          : `write {{${/^[\w-]+$/.test(other) ? other : ` "${other}" `}}}`,
    about: "A placeholder of the prompt names a column that is not in the table.",
  }),
  BAD_SQL: entry<{ sql: string; reason: string }>({
    exitCode: 2,
    says: ({ sql, reason }) => `The query cannot be run over the table: ${reason}.\n  ${sql}`,
    fix: () => "write a SELECT of DuckDB that calls the table input: --sql \"SELECT * FROM input WHERE lang = 'en'\"",
    about: "The query of --sql has an error, or names a column that is not there.",
  }),
  COLUMN_COLLISION: entry<{ columns: readonly string[] }>({
    exitCode: 2,
    says: ({ columns }) =>
      `The table already has ${columns.length === 1 ? "a column" : "columns"} named ${columns.join(", ")}, where the results go.`,
    fix: () => "put the answers under other names: --answer-prefix ai_",
    about: "A column of the results has the name of a column of the input; neither may be lost.",
  }),
  BAD_PROMPT: entry<{ path: string; line?: number | undefined; problem: string; fix: string }>({
    exitCode: 2,
    says: ({ path, line, problem }) => `${path}${line === undefined ? "" : `, line ${line}`}: ${problem}.`,
    fix: ({ fix }) => fix,
    about: "The prompt file, its front matter or a placeholder in it is not valid.",
  }),
  BAD_SCHEMA: entry<{ path: string; problem: string }>({
    exitCode: 2,
    says: ({ path, problem }) => `${path}: the output schema is not usable: ${problem}.`,
    fix: () => "output: needs a JSON Schema of `type: object` with `properties`, or a path to one",
    about: "The schema that answers should have is not valid.",
  }),
  BAD_SPEC: entry<{ path: string; problems: readonly string[] }>({
    exitCode: 2,
    says: ({ path, problems }) => `${path} is not a batch spec:\n  ${list(problems)}`,
    fix: () => "the file's default export is defineBatch({ input, model, prompt, … }); see README.md",
    about: "A TypeScript spec could not be loaded, or does not export what defineBatch makes.",
  }),
  PROMPT_FAILED: entry<{ row: number; reason: string }>({
    exitCode: 2,
    says: ({ row, reason }) => `The prompt function failed at row ${row}: ${reason}.`,
    fix: () => "mend the function; it gets every cell as text and returns text, not a promise",
    about: "The prompt function threw, or returned something that is not text.",
  }),
  BAD_OPTIONS: entry<{ problems: readonly string[]; command: string }>({
    exitCode: 2,
    says: ({ problems }) =>
      problems.length === 1 ? `${problems[0]}` : `These settings cannot be used:\n  ${list(problems)}`,
    fix: ({ command }) => `${command} --help shows what every option takes`,
    about: "One or more options or settings are not valid. All of them are reported at once.",
  }),
  UNKNOWN_MODEL: entry<{ model: string; nearest?: string | undefined }>({
    exitCode: 2,
    says: ({ model, nearest: other }) => `There is no model alias ${model}.${nearest(other)}`,
    fix: () => "halfprice models lists the aliases; a full model id, profile id or ARN goes through as it is",
    about: "The model is neither a known alias nor shaped like an id. Unknown ids and ARNs are passed on.",
  }),
  UNKNOWN_FAMILY: entry<{ model: string; families: readonly string[] }>({
    exitCode: 2,
    says: ({ model, families }) =>
      `halfprice cannot tell how to write a request for ${model}. Families: ${families.join(", ")}.`,
    fix: ({ families }) => `say which family it is of: --family ${families[0] ?? ""}`,
    about: "A model that is not in the catalogue, whose vendor prefix does not tell its family either.",
  }),
  NO_BATCH: entry<{
    model: string;
    region: string;
    reason: string;
    instead?: string | undefined;
    onDemand?: boolean | undefined;
  }>({
    exitCode: 2,
    says: ({ model, region, reason }) => `${model} cannot run in batch in ${region}: ${reason}.`,
    fix: ({ instead, onDemand }) =>
      `${instead === undefined ? "halfprice models shows what can, and where" : `use --model ${instead}`}${onDemand === true ? "; or ask it on demand, at the full price: --below-minimum on-demand" : ""}`,
    about:
      "The model is known to have no batch inference, or none in this region. With `--below-minimum on-demand` one that has none anywhere is asked on demand.",
  }),
  GLOBAL_ONLY: entry<{ model: string; region: string; invokeId: string }>({
    exitCode: 2,
    says: ({ model, region, invokeId }) =>
      `From ${region}, ${model} can be called through ${invokeId} only: no profile there keeps the data in a geography, and the global one may send it to any region of AWS.`,
    fix: ({ invokeId }) => `add --allow-global (plan, run and try take it), or name the profile: --model ${invokeId}`,
    about:
      "A run that was to stay in a geography does not become global by itself, and --yes does not permit it. --allow-global (plan, run, try; allowGlobal in a spec) does, and so does a model that is named as global.…. What the account lists wins over the catalogue: halfprice models --refresh.",
  }),
  NO_PROFILE: entry<{ model: string; region: string; id: string; isListed: boolean; others: string }>({
    exitCode: 2,
    says: ({ model, region, isListed, others }) =>
      isListed
        ? `AWS's pages disagree on ${model} in ${region}: its table of batch models lists the region, and the model's card has no inference profile that can be called from there. Profiles that are known are called from ${others}.`
        : `No inference profile of ${model} is known that can be called from ${region}; those that are known are called from ${others}.`,
    fix: ({ region, id }) =>
      `halfprice models --refresh --region ${region} asks the account, whose list wins; or name the profile: --model <prefix>.${id}`,
    about:
      "Which profiles a region can call is told by the model's card and by the account; a region's name says nothing of it, so nothing is guessed.",
  }),
  REFUSED_PARAMETER: entry<{ model: string; problems: readonly string[] }>({
    exitCode: 2,
    says: ({ model, problems }) => `${model} would refuse every record:\n  ${list(problems)}`,
    fix: () => "take the parameter out of the prompt's front matter, or lower it",
    about: "A parameter that the model does not take. A job with it ends Completed with no answers.",
  }),
  BAD_REQUESTS: entry<{
    path: string;
    badCount: number;
    rowCount: number;
    model: string;
    problems: readonly string[];
  }>({
    exitCode: 2,
    says: ({ path, badCount, rowCount, model, problems }) =>
      `${model} would refuse ${badCount.toLocaleString("en-US")} of the ${rowCount.toLocaleString("en-US")} requests in ${path}:\n  ${list(problems)}`,
    fix: () => "mend these rows, or leave them out; nothing was sent",
    about:
      "A ready request body that does not fit its model. The service would take the file, and fail the records one by one in a job that ends Completed.",
  }),
  MIXED_REQUESTS: entry<{ path: string; family: string; found: readonly string[]; isConverse: boolean }>({
    exitCode: 2,
    says: ({ path, family, found }) =>
      `The requests in ${path} are not all of ${family}, which this run's model takes:\n  ${list(found)}`,
    fix: ({ isConverse }) =>
      isConverse
        ? "add --invocation converse"
        : "give every model a table of its own; --model and --invocation say what a run takes",
    about:
      "Ready bodies of several families, or of another than the model's. A job has one model and one form of request.",
  }),
  TOO_FEW_RECORDS: entry<{
    table: string;
    recordCount: number;
    rest: number;
    minimum: number;
    model: string;
    source: string;
    /** Other records of the table have an answer from an earlier run, or will have one. */
    hasEarlier?: boolean;
    onDemandUsd: number | undefined;
  }>({
    exitCode: 2,
    says: ({ table, recordCount, rest, minimum, model, source, hasEarlier }) =>
      `${table} gives ${recordCount.toLocaleString("en-US")} records${hasEarlier === true ? " that have no answer yet" : ""}${rest > 0 ? ` that fit into no job, beside ${rest.toLocaleString("en-US")} that do` : ""}; a batch job for ${model} needs at least ${minimum.toLocaleString("en-US")} (${source}).`,
    fix: ({ onDemandUsd }) =>
      `add rows, or let these run on demand: halfprice run … --below-minimum on-demand  (${onDemandUsd === undefined ? "its price is not known" : `about ${dollars(onDemandUsd)}`})`,
    about:
      "A batch job has a minimum number of records, which the service checks only minutes after the upload. A table below it, or a remainder, can be asked on demand, at the full price.",
  }),
  RECORD_TOO_LARGE: entry<{ sizeBytes: number; limitBytes: number }>({
    exitCode: 2,
    says: ({ sizeBytes, limitBytes }) =>
      `The longest record has ${sizeBytes.toLocaleString("en-US")} bytes; a file of a job may have ${limitBytes.toLocaleString("en-US")}.`,
    fix: () => "shorten the cell, or leave the row out",
    about: "One record alone is larger than the service takes in a file.",
  }),
  ALL_EMPTY: entry<{ rowCount: number; columns: readonly string[] }>({
    exitCode: 2,
    says: ({ rowCount }) => `All ${rowCount.toLocaleString("en-US")} rows give a prompt with no text in it.`,
    fix: ({ columns }) => `check the columns that the prompt uses: ${columns.join(", ")}`,
    about: "Rows whose prompt is nothing but white space are skipped; here none is left.",
  }),
  PLAN_CHANGED: entry<{ path: string; changes: readonly string[] }>({
    exitCode: 2,
    says: ({ path, changes }) => `What ${path} rests on is not as it was; nothing was sent.\n  ${list(changes)}`,
    fix: ({ path }) => `look at the plan as it is now, and save it again: halfprice plan … --save ${path}`,
    about:
      "A saved plan is what is done, or nothing is: its input, prompt, model, parameters, prices, quotas, account, or what earlier runs have answered has changed since.",
  }),
  MAX_COST: entry<{
    option: "--max-cost" | "--max-cost-total";
    maxUsd: number;
    spentUsd: number;
    reservedUsd: number;
    upperUsd: number;
  }>({
    exitCode: 2,
    says: ({ option, maxUsd, spentUsd, reservedUsd, upperUsd }) => {
      const before =
        spentUsd + reservedUsd === 0
          ? ""
          : ` With ${dollars(spentUsd)} spent and ${dollars(reservedUsd)} reserved for what is under way that is ${dollars(spentUsd + reservedUsd + upperUsd)}.`;
      return `This may cost up to ${dollars(upperUsd)}.${before} ${option} allows ${dollars(maxUsd)}.`;
    },
    fix: ({ option }) =>
      `lower max_tokens, take fewer rows with --limit, narrow the estimate with --canary 20, or raise ${option}`,
    about:
      "What was spent, what is reserved for jobs in flight, and the upper end of the new estimate are together over a limit that was set: `--max-cost` for this run, `--max-cost-total` for all runs of the workspace in the same account. Nothing was sent.",
  }),
  PRICE_UNKNOWN: entry<{ model: string; option: string }>({
    exitCode: 2,
    says: ({ model, option }) => `The price of ${model} is not known, so ${option} cannot be kept.`,
    fix: () => "give the batch price in dollars per million tokens: --price 0.55/2.75",
    about: "A cost limit was set for a model without a known price, or while a run of one is under way.",
  }),
  NOT_CONFIRMED: entry<{ command: string }>({
    exitCode: 2,
    says: () => "There is no terminal to ask on, so nothing was done.",
    fix: ({ command }) => `look at the plan above, then: ${command} --yes`,
    about:
      "`run` asks before it spends, `setup` before it makes anything. Without a terminal they print the plan and stop.",
  }),
  DECLINED: entry<Record<never, never>>({
    exitCode: 2,
    says: () => "Not confirmed; nothing was done.",
    fix: () => "run it again when the plan is right",
    about: "The question of `run` or `setup` was answered with no.",
  }),
  NO_BUCKET: entry<{ policies: string }>({
    exitCode: 2,
    says: ({ policies }) =>
      `No bucket or role is named, so there is nowhere to run.${policies === "" ? "" : `\n${policies}`}`,
    fix: () =>
      "halfprice setup makes both, and shows first what it will make (halfprice setup --print: only the policies)",
    about: "A job needs an S3 bucket for its files and a service role that Bedrock assumes.",
  }),
  NO_REGION: entry<Record<never, never>>({
    exitCode: 2,
    says: () => "No AWS region is set.",
    fix: () => "give --region us-east-1, or set AWS_REGION",
    about: "Neither an option, the environment nor the profile names a region.",
  }),
  NO_CREDENTIALS: entry<{ reason: string }>({
    exitCode: 3,
    says: ({ reason }) => `No AWS credentials were found: ${reason}.`,
    fix: () =>
      "aws configure, or aws sso login --profile NAME and then --profile NAME; to rehearse without an account: --local",
    about: "The AWS SDK's credential chain found nothing.",
  }),
  CREDENTIALS_REFUSED: entry<{ reason: string; explanation?: Explanation | undefined }>({
    exitCode: 3,
    says: ({ reason }) => `AWS refused the credentials: ${reason}.`,
    why: ({ explanation }) => explanation?.cause,
    fix: ({ explanation }) =>
      explanation?.fix ??
      "get new ones (aws sso login --profile NAME); jobs that are running go on, and the same command takes them up",
    about: "Credentials that have expired, are not active, or are of another partition.",
  }),
  UNREACHABLE: entry<{ endpoint: string; reason: string; fix?: string | undefined }>({
    exitCode: 3,
    says: ({ endpoint, reason }) => `${endpoint} cannot be reached: ${reason}.`,
    fix: ({ fix }) =>
      fix ??
      "check the network, --region and --endpoint-url; behind a company's proxy set HTTPS_PROXY (and NO_PROXY), and AWS_CA_BUNDLE where it has certificates of its own",
    about: "No connection to the service could be made. A region that does not exist looks the same.",
  }),
  BROKEN_DOWNLOAD: entry<{ uri: string; tries: number; reason: string }>({
    exitCode: 3,
    says: ({ uri, tries, reason }) => `${uri} did not arrive whole, ${tries} times: ${reason}. Nothing was kept of it.`,
    fix: () => "run the same command again; what was fetched before stays",
    about:
      "A download's checksum or length was wrong again and again: usually a proxy that changes or cuts what it hands on.",
  }),
  SERVICE_REFUSED: entry<{
    service: string;
    operation: string;
    type: string;
    status: number;
    message: string;
    explanation?: Explanation | undefined;
  }>({
    exitCode: 3,
    says: ({ service, operation, type, status, message }) =>
      `${service} ${operation} answered ${type} (HTTP ${status}): ${message}`,
    why: ({ explanation }) => explanation?.cause,
    fix: ({ explanation }) =>
      explanation?.fix ??
      "halfprice does not know these words; mend what they name, and the same command goes on from where it was (halfprice doctor checks what is usually missing)",
    about: "The service refused a call. Its own words are shown, and what they mean.",
  }),
  BUCKET_NOT_FOUND: entry<{ bucket: string }>({
    exitCode: 3,
    says: ({ bucket }) => `There is no bucket ${bucket} (or this account may not know of it).`,
    fix: ({ bucket }) => `check the name, or make it, private and encrypted: halfprice setup --bucket ${bucket}`,
    about: "HeadBucket answered 404.",
  }),
  BUCKET_DENIED: entry<{ bucket: string; caller: string }>({
    exitCode: 3,
    says: ({ bucket, caller }) => `${caller} may not look into the bucket ${bucket}.`,
    fix: () =>
      "give it the caller's policy that this prints: halfprice setup --print; a bucket of another account needs another name: --bucket",
    about: "HeadBucket answered 403: s3:ListBucket is missing, or the bucket is another account's.",
  }),
  BUCKET_REGION: entry<{ bucket: string; bucketRegion: string; region: string }>({
    exitCode: 3,
    says: ({ bucket, bucketRegion, region }) =>
      `The bucket ${bucket} is in ${bucketRegion}; the job would run in ${region}. They have to be the same.`,
    fix: ({ bucketRegion }) => `use --region ${bucketRegion}, or another bucket`,
    about: "Bedrock reads and writes only in the job's own region.",
  }),
  SETUP_DENIED: entry<{ callerArn: string; message: string }>({
    exitCode: 3,
    says: ({ message }) => `Setup reads and makes bucket, role and policies, and was refused: ${message}`,
    fix: ({ callerArn }) =>
      `have an administrator run: halfprice setup --caller ${callerArn}   (or halfprice setup --print, for the policies)`,
    about: "Who sets up needs rights over S3 buckets and IAM roles that who runs jobs does not.",
  }),
  NO_SUCH_CALLER: entry<{ callerArn: string }>({
    exitCode: 2,
    says: ({ callerArn }) => `There is no user or role ${callerArn} in this account.`,
    fix: () => "give the ARN that this prints where runs are to be started: aws sts get-caller-identity",
    about: "`setup --caller` names who is to get the policy of the caller.",
  }),
  UNDO_CONFLICT: entry<{ name: string; reason: string }>({
    exitCode: 3,
    says: ({ name, reason }) => `The ${name} cannot be removed, for something else holds on to it: ${reason}`,
    fix: () => "take away what was added to it by others, then: halfprice setup --undo",
    about: "`setup --undo` removes only what setup made; policies or objects that were added since are not its own.",
  }),
  ROLE_NOT_FOUND: entry<{ roleArn: string }>({
    exitCode: 3,
    says: ({ roleArn }) => `There is no role ${roleArn}.`,
    fix: () =>
      "make it, with its policies: halfprice setup (or by hand, with what this prints: halfprice setup --print)",
    about: "GetRole answered NoSuchEntity.",
  }),
  ROLE_ACCOUNT: entry<{ roleArn: string; accountId: string }>({
    exitCode: 3,
    says: ({ roleArn, accountId }) =>
      `The role ${roleArn} is not of this account (${accountId}). Bedrock takes roles of the caller's account only.`,
    fix: () => "use a role of this account, or the other account's --profile",
    about: "The account in the role's ARN is not the caller's: often the wrong profile.",
  }),
  ROLE_TRUST: entry<{ roleArn: string; problem: string }>({
    exitCode: 3,
    says: ({ roleArn, problem }) => `Bedrock may not assume the role ${roleArn}: ${problem}.`,
    fix: () =>
      "halfprice doctor --fix adds the statement that lets it; halfprice setup --print has the whole trust policy",
    about: "The role's trust policy does not admit bedrock.amazonaws.com for jobs of this account.",
  }),
  ROLE_PATH: entry<{ roleArn: string; foundArn: string }>({
    exitCode: 3,
    says: ({ roleArn, foundArn }) => `There is no role ${roleArn}; the role of this name is ${foundArn}.`,
    fix: ({ foundArn }) => `--role ${foundArn}`,
    about: "A role with a path has the path in its ARN, and Bedrock wants the whole of it.",
  }),
  ROLE_RIGHTS: entry<{ roleArn: string; problems: readonly string[]; fix: string }>({
    exitCode: 3,
    says: ({ roleArn, problems }) => `The service role ${roleArn} may not do what a job needs:\n  ${list(problems)}`,
    fix: ({ fix }) => fix,
    about:
      "The service role lacks a right, or something denies it: files in S3, the model, the key. The service itself says so only minutes after the upload, or at the job's end.",
  }),
  CALLER_RIGHTS: entry<{ caller: string; problems: readonly string[]; fix: string }>({
    exitCode: 3,
    says: ({ caller, problems }) => `${caller} may not do what a run needs:\n  ${list(problems)}`,
    fix: ({ fix }) => fix,
    about: "Whoever runs the command lacks a right, or something denies it.",
  }),
  BUCKET_POLICY: entry<{ bucket: string; problems: readonly string[]; fix: string }>({
    exitCode: 3,
    says: ({ bucket, problems }) => `The policy of the bucket ${bucket} denies what a job needs:\n  ${list(problems)}`,
    fix: ({ fix }) => fix,
    about: "A Deny in the bucket's own policy; no Allow of a role or user outweighs it.",
  }),
  KEY_UNUSABLE: entry<{ key: string; problem: string; fix: string }>({
    exitCode: 3,
    says: ({ key, problem }) => `Nothing can be encrypted with the KMS key ${key}: ${problem}.`,
    fix: ({ fix }) => fix,
    about:
      "The key of the run, or of its bucket, is not there, not enabled, about to be deleted, of another region, or of a kind that S3 does not take.",
  }),
  KEY_POLICY: entry<{ key: string; problems: readonly string[]; fix: string }>({
    exitCode: 3,
    says: ({ key, problems }) => `The policy of the KMS key ${key} does not let a job work:\n  ${list(problems)}`,
    fix: ({ fix }) => fix,
    about:
      "A key's own policy decides first: it has to name who uses the key, or to leave that to IAM through the account's root, and a Deny in it outweighs everything.",
  }),
  MODEL_ACCESS: entry<{ model: string; problem: string; fix: string }>({
    exitCode: 3,
    says: ({ model, problem }) => `${model} cannot be used: ${problem}.`,
    fix: ({ fix }) => fix,
    about:
      "The region does not have the model, or the account has not got it: agreement, first-use form and entitlement are told apart.",
  }),
  QUOTA_ZERO: entry<{ quota: string; region: string; waits: string; fix: string }>({
    exitCode: 3,
    says: ({ quota, region, waits }) => `The account's quota "${quota}" is 0 in ${region}${waits}.`,
    fix: ({ fix }) => fix,
    about: "New and restricted accounts start with quotas of 0: every job would be refused.",
  }),
  CLOCK: entry<{ words: string }>({
    exitCode: 3,
    says: ({ words }) => `This machine's clock is ${words}; AWS refuses signatures that are more than 15 minutes off.`,
    fix: () => "set it: sudo timedatectl set-ntp true",
    about: "The clock is wrong: requests are refused now and then, with errors that do not name the clock.",
  }),
  PASS_ROLE: entry<{
    roleArn: string;
    caller: string;
    problems?: readonly string[] | undefined;
    fix?: string | undefined;
  }>({
    exitCode: 3,
    says: ({ roleArn, caller, problems = [] }) =>
      `${caller} may not pass the role ${roleArn} to Bedrock (iam:PassRole)${problems.length === 0 ? "." : `:\n  ${list(problems)}`}`,
    fix: ({ fix }) => fix ?? "add the caller's policy that this prints: halfprice setup --print",
    about: "The caller needs iam:PassRole on the service role. The article's most frequent stumbling block.",
  }),
  JOB_FAILED: entry<{ runId: string; failed: readonly string[]; explanation?: Explanation | undefined }>({
    exitCode: 3,
    says: ({ failed }) => `Not every job of this run ended well; what there is was collected.\n  ${list(failed)}`,
    why: ({ explanation }) => explanation?.cause,
    fix: ({ runId, explanation }) =>
      explanation?.fix ?? `halfprice show ${runId} has the causes; mend them, then: halfprice retry ${runId}`,
    about: "A job ended Failed, Stopped, Expired or PartiallyCompleted.",
  }),
  MISSING_ANSWERS: entry<{
    runId: string;
    missing: number;
    allowed: number;
    /** Of the most frequent cause. */
    explanation?: Explanation | undefined;
  }>({
    exitCode: 4,
    says: ({ missing, allowed }) =>
      `${missing.toLocaleString("en-US")} rows have no answer; --allow-missing allows ${allowed.toLocaleString("en-US")}.`,
    why: ({ explanation }) => explanation?.cause,
    fix: ({ runId, explanation }) =>
      explanation === undefined
        ? `halfprice show ${runId} groups them by cause`
        : `${explanation.fix}   (all causes: halfprice show ${runId})`,
    about: "The run is done and its table is written, but more rows than allowed have no answer.",
  }),
  STILL_RUNNING: entry<{ runId: string; waiting: number }>({
    exitCode: 5,
    says: ({ waiting }) => `${waiting} ${waiting === 1 ? "job is" : "jobs are"} still under way.`,
    fix: ({ runId }) => `halfprice resume ${runId} waits for the rest`,
    about: "`collect` and `--detach` do not wait.",
  }),
  UNKNOWN_RUN: entry<{ run: string; workspace: string; nearest?: string | undefined }>({
    exitCode: 2,
    says: ({ run, workspace, nearest: other }) => `There is no run ${run} in ${workspace}.${nearest(other)}`,
    fix: () => "halfprice runs lists them; --workspace names another folder",
    about: "The run's id or name is not in this workspace's ledger.",
  }),
  SERVE_NEEDS_KEYS: entry<{ host: string }>({
    exitCode: 2,
    says: ({ host }) => `--host ${host} can be reached from other machines, and no keys say who may call.`,
    fix: () => "halfprice serve --host … --keys keys.txt, one key a line; or leave --host out",
    about: "`serve` spends the account's money for whoever calls it: beyond loopback it takes only calls with a key.",
  }),
  UNKNOWN_BATCH: entry<{ id: string; workspace: string }>({
    exitCode: 2,
    says: ({ id, workspace }) => `There is no batch ${id} in ${workspace}.`,
    fix: () => "name the workspace in which it was started: bedrockBatch({ workspace })",
    about: "The AI SDK was asked for a batch that this workspace does not have.",
  }),
  BATCH_NOT_ENDED: entry<{ id: string }>({
    exitCode: 5,
    says: ({ id }) => `The batch ${id} has not ended yet.`,
    fix: () => "ask for its status until it is completed, then for its results",
    about: "The results of a batch of the AI SDK were asked for while its jobs were still under way.",
  }),
  AMBIGUOUS_RUN: entry<{ run: string; matches: readonly string[] }>({
    exitCode: 2,
    says: ({ run, matches }) => `${run} could be any of: ${matches.join(", ")}.`,
    fix: () => "give more of the id",
    about: "The start of an id, or a name, fits several runs.",
  }),
  RUN_BUSY: entry<{ runId: string; pid: number; host: string }>({
    exitCode: 2,
    says: ({ runId, pid, host }) => `The run ${runId} is being worked on by process ${pid} on ${host}.`,
    fix: ({ runId }) => `halfprice resume ${runId} shows what that one does, and goes on in its place when it is gone`,
    about: "Two processes never work on one run at the same time.",
  }),
  RUN_UNFINISHED: entry<{ runId: string; state: string }>({
    exitCode: 2,
    says: ({ runId, state }) => `The run ${runId} has not ended; it is ${state}.`,
    fix: ({ runId }) => `halfprice resume ${runId} waits for it; halfprice stop ${runId} ends it`,
    about: "`retry` and `clean` are for runs that have ended: what is under way may still come.",
  }),
  RUN_AWAITED: entry<{ runId: string; by: readonly string[] }>({
    exitCode: 2,
    says: ({ runId, by }) => `The answers of the run ${runId} are awaited by ${by.join(", ")}, which has not ended.`,
    fix: ({ runId, by }) =>
      `halfprice resume ${by[0]} takes them; halfprice clean ${runId} --keep-results leaves them where they are`,
    about:
      "What a run has in flight another run waits for, instead of paying for it again. Until it has the answers they stay.",
  }),
  RUN_CLEANED: entry<{ runId: string }>({
    exitCode: 2,
    says: ({ runId }) => `The run ${runId} was cleaned: what this needs of it is gone.`,
    fix: () => "run it again; halfprice clean --keep-results leaves a run's table where it is",
    about: "`clean` removes a run's files. What the run has cost stays known; its rows and answers do not.",
  }),
  RUN_DAMAGED: entry<{
    runId: string;
    hasEnded: boolean;
    problem: "gone" | "unreadable";
    path: string;
    reason: string;
  }>({
    exitCode: 2,
    says: ({ runId, problem, path, reason }) =>
      problem === "gone"
        ? `The files of the run ${runId} are gone (${path}); it cannot go on.`
        : `The files of the run ${runId} cannot be read (${path}: ${reason}); it cannot go on.`,
    fix: ({ runId, hasEnded }) =>
      hasEnded
        ? `halfprice clean ${runId} removes what is left of it; the same command begins it anew`
        : `halfprice stop ${runId} gives it up: its jobs are stopped, and the same command begins it anew`,
    about:
      "The folder of a run that has not ended was removed or damaged. What it had sent is known from the ledger; what it was to become is not.",
  }),
  JOB_UNKNOWN: entry<{ runId: string; jobs: readonly string[]; records: number; where: string }>({
    exitCode: 3,
    says: ({ jobs, records, where }) =>
      `The service does not know ${jobs.length === 1 ? "this job" : "these jobs"} (${records.toLocaleString("en-US")} records), after several looks at ${where}:\n  ${list(jobs)}`,
    why: () =>
      "The credentials, the region or the endpoint are not those that the run was started with; or the service has deleted the jobs.",
    fix: ({ runId }) =>
      `use the account, region and endpoint of the run, then: halfprice resume ${runId}; to send the records again instead: halfprice stop ${runId} && halfprice retry ${runId}`,
    about:
      "A job that was created is in no list, and Get does not find it. Nothing is reserved for it any more. Where it is seen again, the run goes on with it.",
  }),
  WRONG_ORIGIN: entry<{ runId: string; runOrigin: string; origin: string }>({
    exitCode: 2,
    says: ({ runId, runOrigin, origin }) =>
      `The run ${runId} belongs to ${runOrigin}; this command would use ${origin}.`,
    fix: () => "use the profile, region and endpoint that the run was started with (--local for a rehearsal)",
    about: "A run is taken up only where it was started: same account, same region, or the local service.",
  }),
  BAD_QUERY: entry<{ query: string; reason: string }>({
    exitCode: 2,
    says: ({ query, reason }) => `${query} could not be answered: ${reason}`,
    fix: () => "the run's table is called results; DESCRIBE results shows its columns",
    about: "A query of `show --query` is not valid SQL, or names a column that the run's table does not have.",
  }),
  UNKNOWN_RECIPE: entry<{ recipe: string; recipes: readonly string[]; nearest?: string | undefined }>({
    exitCode: 2,
    says: ({ recipe, recipes, nearest: other }) =>
      `There is no recipe ${recipe}.${nearest(other)} Recipes: ${recipes.join(", ")}.`,
    fix: () => "halfprice init --help says what each is for",
    about: "`init` writes one of the recipes that come with halfprice.",
  }),
  FOLDER_IN_USE: entry<{ folder: string }>({
    exitCode: 2,
    says: ({ folder }) => `${folder} is there already, and not empty; nothing was written.`,
    fix: () => "name another folder behind the recipe: halfprice init classify my-folder",
    about: "`init` writes into a folder that is empty or not there yet, so that nothing of yours is lost.",
  }),
  NO_RESULTS: entry<{ runId: string; state: string }>({
    exitCode: 2,
    says: ({ runId, state }) => `The run ${runId} has no results yet; it is ${state}.`,
    fix: ({ runId }) => `halfprice resume ${runId}`,
    about: "`export` needs a run whose results were collected.",
  }),
  BAD_OUTPUT: entry<{ path: string; reason: string }>({
    exitCode: 2,
    says: ({ path, reason }) => `The table cannot be written to ${path}: ${reason}.`,
    fix: () =>
      "name a file that ends in .parquet, .csv or .jsonl, in a folder that exists; a run's table is kept: halfprice export RUN -o FILE",
    about: "The ending of the output's name says its format.",
  }),
  OUTPUT_IS_INPUT: entry<{ path: string; input: string }>({
    exitCode: 2,
    says: ({ path, input }) =>
      path === input
        ? `${path} is read by this run; writing the output there would replace it.`
        : `${path} is the same file as ${input}, which this run reads; writing the output there would replace it.`,
    fix: ({ path }) => `name another file: -o ${renamed(path)}`,
    about:
      "The output is the table, a member of its glob, the prompt, the spec, the schema or a file of the workspace: by the same name, another spelling, a symbolic link or a hard link.",
  }),
  OUTPUT_EXISTS: entry<{ path: string; reason: "partial" | "edited"; runId: string }>({
    exitCode: 2,
    says: ({ path, reason }) =>
      reason === "partial"
        ? `${path} exists, and this output has only a part of the table's rows (--limit or --sample). It was left as it is.`
        : `${path} was changed since this run wrote it. It was left as it is.`,
    fix: ({ path, reason, runId }) =>
      reason === "partial"
        ? `name another file: -o ${renamed(path)}; or add --overwrite`
        : `name another file: halfprice export ${runId} -o ${renamed(path)}, or halfprice retry ${runId} -o ${renamed(path)}; or add --overwrite`,
    about: "A file of yours is replaced only where that cannot lose rows or edits; --overwrite says that it may.",
  }),
  PORT_IN_USE: entry<{ port: number }>({
    exitCode: 2,
    says: ({ port }) => `Port ${port} on 127.0.0.1 is in use.`,
    fix: () => "halfprice local --port 0 takes any free port",
    about: "Another program listens where the local service should.",
  }),
  LOCAL_DATA_BUSY: entry<{ dataDir: string; owner: string }>({
    exitCode: 2,
    says: ({ dataDir, owner }) => `${dataDir} is in use by another local service (${owner}).`,
    fix: () => "stop that one, or give another folder with --data",
    about: "One folder of the local service's data has one owner at a time.",
  }),
  DISK: entry<{ path: string; reason: string }>({
    exitCode: 3,
    says: ({ path, reason }) => `${path} cannot be written: ${reason}. Nothing that was there before is lost.`,
    fix: () => "free some space or mend the permissions, then run the same command again",
    about: "The workspace's disk is full or read-only.",
  }),
  TRY_FAILED: entry<{ failed: number; total: number; message: string; explanation?: Explanation | undefined }>({
    exitCode: 3,
    says: ({ failed, total, message }) => `${failed} of ${total} requests got no answer; the first: ${message}`,
    why: ({ explanation }) => explanation?.cause,
    fix: ({ explanation }) => explanation?.fix ?? "mend what the message names, then try again",
    about: "`try` sent its rows on demand, and the service refused some.",
  }),
  CANARY: entry<{ runId: string; asked: number; rest: number; usd: number | undefined; problems: readonly string[] }>({
    exitCode: 3,
    says: ({ asked, rest, usd, problems }) =>
      `Of ${asked.toLocaleString("en-US")} records that were asked first, not all went well; the other ${rest.toLocaleString("en-US")} were not sent.${usd === undefined ? "" : ` So far ${dollars(usd)}.`}\n  ${list(problems)}`,
    fix: ({ runId }) =>
      `mend it and run again (what was answered is kept); or send the rest as it is: halfprice resume ${runId} --yes; or keep what there is: halfprice stop ${runId}`,
    about:
      "With `--canary n` so many records, taken by chance, are asked on demand before the rest. Some were refused, cut off, declined or not of the asked shape, or took far more tokens than estimated: in a job nearly all would.",
  }),
  THROTTLED: entry<{ model: string; answeredCount: number; recordCount: number }>({
    exitCode: 3,
    says: ({ model, answeredCount, recordCount }) =>
      `${model} takes no more requests on demand for now: ${answeredCount} of ${recordCount} were answered before the quota was used up.`,
    fix: () => "wait a minute and try again; Service Quotas has the requests and tokens a minute of the model",
    about:
      "On demand the account's quota of requests or tokens a minute was used up, even after the SDK's adaptive retries.",
  }),
  UNKNOWN_MESSAGE: entry<{ message: string }>({
    exitCode: 2,
    says: ({ message }) => `halfprice does not know this message: ${message}`,
    fix: () =>
      "give the words of the service alone, without your program's own; halfprice doctor checks what usually goes wrong, and a report of the message helps the next one",
    about: "`explain` was given a message that is in no row of its table. It does not guess.",
  }),
  BUG: entry<{ reason: string }>({
    exitCode: 1,
    says: ({ reason }) => `halfprice has a bug: ${reason}`,
    fix: () => "please report it with the command that led here; your runs and files are as they were",
    about: "Something happened that should be impossible.",
  }),
} as const;

export type ErrorCode = keyof typeof catalogue;
export type ErrorDetails<Code extends ErrorCode> = Parameters<(typeof catalogue)[Code]["says"]>[0];

/** The one error class: a permanent code, what happened, and what to do. */
export class HalfpriceError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly details: ErrorDetails<Code>;
  /** What to do, as a command where there is one. */
  readonly fix: string;
  /** Why it happened, where what happened is told in the service's words and they are known. */
  readonly why: string | undefined;
  readonly exitCode: ExitCode;
  override readonly name = "HalfpriceError";

  constructor(code: Code, details: ErrorDetails<Code>, options?: { cause?: unknown }) {
    const { says, fix, why, exitCode } = catalogue[code] as unknown as Entry<ErrorDetails<Code>>;
    super(hideSecrets(says(details)), options);
    this.code = code;
    this.details = details;
    this.fix = hideSecrets(fix(details));
    const reason = why?.(details);
    this.why = reason === undefined ? undefined : hideSecrets(reason);
    this.exitCode = exitCode;
  }
}

/** Where an error is explained, below the project's root. */
export function findHelp(code: ErrorCode): string {
  return `docs/errors.md#${code.toLowerCase()}`;
}

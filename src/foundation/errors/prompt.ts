/** Data: what is wrong with a prompt, a spec, a schema, and the requests made from them. A code is permanent. */
import { countOf, entry, list, nearest } from "./entry.ts";

/** Errors of prompts, specs and options. */
export const promptErrors = {
  BAD_PROMPT: entry<{ path: string; line?: number | undefined; problem: string; fix: string }>({
    exitCode: 2,
    says: ({ path, line, problem }) => `${path}${line === undefined ? "" : `, line ${line}`}: ${problem}.`,
    fix: ({ fix }) => fix,
    about: "The prompt file, its front matter or a placeholder in it is not valid.",
    example: { path: "classify.md", line: 2, problem: "max_token is unknown", fix: "write max_tokens" },
  }),
  BAD_SCHEMA: entry<{ path: string; problem: string }>({
    exitCode: 2,
    says: ({ path, problem }) => `${path}: the output schema is not usable: ${problem}.`,
    fix: () => "output: needs a JSON Schema of `type: object` with `properties`, or a path to one",
    about: "The schema that answers should have is not valid.",
    example: { path: "schema.json", problem: "it has no properties" },
  }),
  BAD_SPEC: entry<{ path: string; problems: readonly string[] }>({
    exitCode: 2,
    says: ({ path, problems }) => `${path} is not a batch spec:\n  ${list(problems)}`,
    fix: () => "the file's default export is defineBatch({ input, model, prompt, … }); see README.md",
    about: "A TypeScript spec could not be loaded, or does not export what defineBatch makes.",
    example: { path: "audit.batch.ts", problems: ["model is missing"] },
  }),
  PACK_REFUSED: entry<{ problems: readonly string[] }>({
    exitCode: 2,
    says: ({ problems }) =>
      problems.length === 1
        ? `Rows cannot share requests here: ${problems[0]}.`
        : `Rows cannot share requests here:\n  ${list(problems)}`,
    fix: () => "leave out --pack, or change what stands against it",
    about:
      "`--pack` asks several rows in one request. That takes a prompt that says what all rows share, one answer a row, and a schema that can be the item of a list.",
    example: {
      problems: [
        'audit.batch.ts makes its prompts with a function, and does not say which part all rows share: add shared: "…"',
      ],
    },
  }),
  PROMPT_FAILED: entry<{ row: number; reason: string }>({
    exitCode: 2,
    says: ({ row, reason }) => `The prompt function failed at row ${row}: ${reason}.`,
    fix: () =>
      "fix the function; it gets every cell as text and returns text, not a promise; to leave such rows out: --on-prompt-error skip",
    about: "The prompt function threw, or returned something that is not text.",
    example: { row: 12, reason: "text.slice is not a function" },
  }),
  BAD_MEDIA: entry<{
    badCount: number;
    rowCount: number;
    problems: readonly { readonly row: number; readonly problem: string }[];
  }>({
    exitCode: 2,
    says: ({ badCount, rowCount, problems }) =>
      `${countOf(badCount, "row")} of ${rowCount.toLocaleString("en-US")} ${badCount === 1 ? "has" : "have"} a picture or document that cannot be sent:\n  ${list(
        [
          ...problems.map(({ row, problem }) => `row ${row.toLocaleString("en-US")}: ${problem}`),
          ...(badCount > problems.length ? [`and ${(badCount - problems.length).toLocaleString("en-US")} more`] : []),
        ],
      )}`,
    fix: () =>
      "paths are relative to the table; fix these files, or leave such rows out: --on-media-error skip; nothing was sent",
    about:
      "A picture or document that a prompt names is missing or broken, or larger than the model takes. The service would see it only after the upload, record by record.",
    example: {
      badCount: 2,
      rowCount: 500,
      problems: [
        { row: 7, problem: "img/7.png is not there (/data/img/7.png)" },
        { row: 12, problem: "img/12.jpg is broken: its jpeg data is cut off" },
      ],
    },
  }),
  MEDIA_NOT_TAKEN: entry<{ model: string; family: string; kind: "image" | "document"; isConverseBetter: boolean }>({
    exitCode: 2,
    says: ({ model, family, kind, isConverseBetter }) =>
      `${model} takes no ${kind}s${isConverseBetter ? ` in the body of ${family}` : ""}.`,
    fix: ({ kind, isConverseBetter }) =>
      isConverseBetter
        ? "add --invocation converse"
        : kind === "image"
          ? "choose a model that sees: --model nova-lite, --model claude-haiku-4.5; for vectors, --model titan-embed-image or nova-embed"
          : "choose a model that reads documents: --model claude-haiku-4.5, or --model nova-lite --invocation converse",
    about: "The prompt has a picture or a document, and the model, or the form of its requests, has no place for it.",
    example: { model: "amazon.nova-micro-v1:0", family: "Amazon Nova", kind: "image", isConverseBetter: false },
  }),
  ALL_EMPTY: entry<{ rowCount: number; columns: readonly string[] }>({
    exitCode: 2,
    says: ({ rowCount }) =>
      rowCount === 1
        ? "The only row gives a prompt with no text in it."
        : `All ${countOf(rowCount, "row")} give a prompt with no text in it.`,
    fix: ({ columns }) => `check the columns that the prompt uses: ${columns.join(", ")}`,
    about: "Rows whose prompt is nothing but white space are skipped; here none is left.",
    example: { rowCount: 250, columns: ["text"] },
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
      `${model} would refuse ${badCount.toLocaleString("en-US")} of the ${countOf(rowCount, "request")} in ${path}:\n  ${list(problems)}`,
    fix: () => "fix these rows, or leave them out; nothing was sent",
    about:
      "A ready request body that does not fit its model. The service would take the file, and fail the records one by one in a job that ends Completed.",
    example: {
      path: "requests.jsonl",
      badCount: 2,
      rowCount: 500,
      model: "claude-haiku-4.5",
      problems: ["line 7: max_tokens is missing"],
    },
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
    example: {
      path: "requests.jsonl",
      family: "Anthropic Messages",
      found: ["line 9: a request of Amazon Nova"],
      isConverse: false,
    },
  }),
  RECORD_TOO_LARGE: entry<{ sizeBytes: number; limitBytes: number }>({
    exitCode: 2,
    says: ({ sizeBytes, limitBytes }) =>
      `The longest record has ${sizeBytes.toLocaleString("en-US")} bytes; a file of a job may have ${limitBytes.toLocaleString("en-US")}.`,
    fix: () => "shorten the cell, or leave the row out",
    about: "One record alone is larger than the service takes in a file.",
    example: { sizeBytes: 1_200_000_000, limitBytes: 1_073_741_824 },
  }),
  UNKNOWN_RECIPE: entry<{ recipe: string; recipes: readonly string[]; nearest?: string | undefined }>({
    exitCode: 2,
    says: ({ recipe, recipes, nearest: other }) =>
      `There is no recipe ${recipe}.${nearest(other)} Recipes: ${recipes.join(", ")}.`,
    fix: () => "halfprice init --help says what each is for",
    about: "`init` writes one of the recipes that come with halfprice.",
    example: { recipe: "clasify", recipes: ["classify", "extract"], nearest: "classify" },
  }),
  FOLDER_IN_USE: entry<{ folder: string }>({
    exitCode: 2,
    says: ({ folder }) => `${folder} is there already, and not empty; nothing was written.`,
    fix: () => "name another folder behind the recipe: halfprice init classify my-folder",
    about: "`init` writes into a folder that is empty or not there yet, so that nothing of yours is lost.",
    example: { folder: "classify" },
  }),
} as const;

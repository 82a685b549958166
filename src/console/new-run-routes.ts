import type { FastifyInstance } from "fastify";
import {
  type BatchSpec,
  type Cell,
  defineBatch,
  planBatch,
  previewInput,
  type RunBatchOptions,
  readPromptFile,
  renderPrompt,
  resumeRun,
  type SessionOptions,
  submitBatch,
  tryRows,
} from "../index.ts";
import { type ConsoleContext, needText, readBody } from "./console-context.ts";
import { BadRequest, toErrorView } from "./error-view.ts";
import { quoteWord } from "./shell-word.ts";
import type { NewRunForm, PlanView, TryView, WorkView } from "./views.ts";

/** A new run: its table, its prompt on real rows, its plan, three rows, and the beginning. */
export function addNewRunRoutes(app: FastifyInstance, { session, works }: ConsoleContext): void {
  app.post("/api/preview", (request) => previewInput(needText(readBody<{ table: string }>(request).table, "table")));

  app.post("/api/prompt", (request) => {
    const path = needText(readBody<{ path: string }>(request).path, "path");
    return Promise.resolve(readPromptFile(path));
  });

  app.post("/api/render", (request) => {
    const { prompt, rows = [] } = readBody<{ prompt: string; rows: Readonly<Record<string, Cell>>[] }>(request);
    return Promise.resolve({ texts: rows.slice(0, 5).map((row) => renderPrompt(needText(prompt, "prompt"), row)) });
  });

  app.post("/api/plan", async (request): Promise<PlanView> => {
    const form = readForm(readBody(request));
    const plan = await planBatch(toBatch(form), toOptions(form, session));
    return {
      ...(plan.cost === undefined ? {} : { cost: plan.cost }),
      ...(plan.onDemandCost === undefined ? {} : { onDemandCost: plan.onDemandCost }),
      ...{ rowCount: plan.rowCount, recordCount: plan.recordCount, duplicateCount: plan.duplicateCount },
      ...{ skippedCount: plan.skippedCount, answeredCount: plan.answeredCount },
      ...{ inputTokens: plan.inputTokens, outputTokens: plan.outputTokens, jobCount: plan.jobs.length },
      model: plan.model.label,
      warnings: plan.model.warnings,
      samples: plan.samples,
      problems: plan.problems.map(toErrorView),
      ...(plan.offline === undefined ? {} : { offline: plan.offline.message }),
      command: makeCommand(form, session),
    };
  });

  app.post("/api/try", async (request): Promise<TryView> => {
    const form = readForm(readBody(request));
    const { rows, paidUsd, wouldCostUsd } = await tryRows(toBatch(form), { ...toOptions(form, session), limit: 3 });
    return {
      rows: rows as unknown as TryView["rows"],
      ...(paidUsd === undefined ? {} : { paidUsd }),
      ...(wouldCostUsd === undefined ? {} : { wouldCostUsd }),
    };
  });

  app.post("/api/start", (request): Promise<WorkView> => {
    const body = readBody<NewRunForm & { isConfirmed: boolean }>(request);
    const form = readForm(body);
    if (!isSimulated(form, session) && body.isConfirmed !== true)
      throw new BadRequest("a run that costs money has to be confirmed with its plan on the screen");
    const batch = toBatch(form);
    const options = toOptions(form, session);
    return Promise.resolve(
      works.start("run", undefined, async (tools, onRun) => {
        const { id } = await submitBatch(batch, { ...options, ...tools });
        onRun(id);
        return resumeRun(id, { ...toPlace(form, session), ...tools });
      }),
    );
  });
}

const isSimulated = (form: NewRunForm, session: SessionOptions): boolean => session.local === true || form.isSimulated;

/** @throws BadRequest */
function readForm(body: Partial<NewRunForm>): NewRunForm {
  return {
    ...body,
    table: needText(body.table, "table"),
    prompt: needText(body.prompt, "prompt"),
    model: needText(body.model, "model"),
    isSimulated: body.isSimulated === true,
  };
}

/** @throws BadRequest where the schema is no JSON */
function toBatch({
  table,
  prompt,
  model,
  name,
  maxTokens,
  system,
  schema = "",
}: NewRunForm): BatchSpec<object, object | undefined> {
  let output: object | undefined;
  try {
    output = schema.trim() === "" ? undefined : (JSON.parse(schema) as object);
  } catch (error) {
    throw new BadRequest(`the schema is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return defineBatch<object, object | undefined>({
    input: { path: table },
    ...{ model, prompt },
    ...(name === undefined || name === "" ? {} : { name }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(system === undefined || system === "" ? {} : { system }),
    ...(output === undefined ? {} : { output }),
  });
}

/** Where the run goes: as the console was told, or the local service. */
const toPlace = (form: NewRunForm, session: SessionOptions): SessionOptions => ({
  ...session,
  ...(isSimulated(form, session) ? { local: true } : {}),
});

function toOptions(form: NewRunForm, session: SessionOptions): RunBatchOptions {
  return {
    ...toPlace(form, session),
    ...(form.limit === undefined ? {} : { limit: form.limit }),
    ...(form.maxCostUsd === undefined ? {} : { maxCostUsd: form.maxCostUsd }),
  };
}

/** The command that does the same. */
function makeCommand(form: NewRunForm, session: SessionOptions): string {
  const add = (option: string, value: string | number | undefined): string[] =>
    value === undefined || value === "" ? [] : [option, quoteWord(String(value))];
  const prompt = form.promptFile === undefined ? ["--prompt", quoteWord(form.prompt)] : [quoteWord(form.promptFile)];
  // A prompt file says these itself.
  const own =
    form.promptFile === undefined ? [...add("--max-tokens", form.maxTokens), ...add("--system", form.system)] : [];
  return [
    ...["halfprice", "run", quoteWord(form.table), ...prompt, "--model", quoteWord(form.model), ...own],
    ...add("--name", form.name),
    ...add("--limit", form.limit),
    ...add("--max-cost", form.maxCostUsd),
    ...(form.promptFile === undefined && (form.schema ?? "").trim() !== "" ? ["--schema", "schema.json"] : []),
    ...(isSimulated(form, session) ? ["--local"] : []),
  ].join(" ");
}

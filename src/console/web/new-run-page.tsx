import { useEffect, useState } from "preact/hooks";
import type { ConsoleView, InputPreview, NewRunForm, PlanView, TryView, WorkView } from "../views.ts";
import { ApiError, post, useEvents } from "./api.ts";
import { formatCount, formatNumberOf, formatTokens, formatUsd, showCell, showText } from "./format.ts";
import { Command, Problem, Tiles } from "./parts.tsx";
import { goTo } from "./router.ts";
import { Work } from "./run-page.tsx";

interface PromptParts {
  readonly prompt: string;
  readonly model?: string;
  readonly maxTokens?: number;
  readonly system?: string;
  readonly output?: object;
}

/** A new run: table, prompt, model; the plan changes as one types. */
export function NewRunPage({ console: view }: { console: ConsoleView }) {
  const [form, setForm] = useState<NewRunForm>({ table: "", prompt: "", model: "nova-2-lite", isSimulated: true });
  const [preview, setPreview] = useState<InputPreview>();
  const [texts, setTexts] = useState<readonly string[]>([]);
  const [plan, setPlan] = useState<PlanView>();
  const [tried, setTried] = useState<TryView>();
  const [problems, setProblems] = useState<Readonly<Record<string, Error | undefined>>>({});
  const [isPlanning, setPlanning] = useState(false);
  const set = (change: Partial<NewRunForm>): void => setForm((last) => ({ ...last, ...change }));
  const fail = (name: string) => (error: Error | undefined) => {
    if (error?.name !== "AbortError") setProblems((last) => ({ ...last, [name]: error }));
  };

  const readPrompt = (path: string): void => {
    post<PromptParts>("/api/prompt", { path }).then((parts) => {
      setProblems((last) => ({ ...last, prompt: undefined }));
      set({
        prompt: parts.prompt,
        promptFile: path,
        ...(parts.model === undefined ? {} : { model: parts.model }),
        ...(parts.maxTokens === undefined ? {} : { maxTokens: parts.maxTokens }),
        ...(parts.system === undefined ? {} : { system: parts.system }),
        schema: parts.output === undefined ? "" : JSON.stringify(parts.output, null, 2),
      });
    }, fail("prompt"));
  };
  const takeRecipe = (name: string): void => {
    const recipe = view.recipes.find((each) => each.name === name);
    if (recipe === undefined) return;
    set({ table: recipe.table });
    readPrompt(recipe.prompt);
  };
  // What was changed is not what the file says any more.
  const edit = (change: Partial<NewRunForm>): void => setForm(({ promptFile: _, ...last }) => ({ ...last, ...change }));

  useEffect(() => {
    setPreview(undefined);
    if (form.table === "") return undefined;
    const timer = setTimeout(() => {
      post<InputPreview>("/api/preview", { table: form.table }).then((found) => {
        setPreview(found);
        fail("table")(undefined);
      }, fail("table"));
    }, 300);
    return () => clearTimeout(timer);
  }, [form.table]);

  useEffect(() => {
    if (preview === undefined || form.prompt === "") return setTexts([]);
    post<{ texts: string[] }>("/api/render", { prompt: form.prompt, rows: preview.rows.slice(0, 3) }).then((found) => {
      setTexts(found.texts);
      fail("prompt")(undefined);
    }, fail("prompt"));
    return undefined;
  }, [preview, form.prompt]);

  const isReady = preview !== undefined && form.prompt.trim() !== "" && form.model !== "";
  useEffect(() => {
    setTried(undefined);
    if (!isReady) return setPlan(undefined);
    const controller = new AbortController();
    const timer = setTimeout(() => {
      setPlanning(true);
      post<PlanView>("/api/plan", form, controller.signal)
        .then(
          (found) => {
            setPlan(found);
            fail("plan")(undefined);
          },
          (error: Error) => {
            if (error.name === "AbortError") return;
            setPlan(undefined);
            fail("plan")(error);
          },
        )
        .finally(() => setPlanning(false));
    }, 600);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [form, isReady]);

  const model = view.models.find(({ alias }) => alias === form.model);
  const number = (text: string): number | undefined =>
    text === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
  return (
    <>
      <h1>New run</h1>
      <div class="new-run">
        <form class="stack" onSubmit={(event) => event.preventDefault()}>
          <label>
            <span>Recipe</span>
            <select value="" onChange={(event) => takeRecipe(event.currentTarget.value)}>
              <option value="">take a table and a prompt that work</option>
              {view.recipes.map(({ name, summary }) => (
                <option key={name} value={name}>
                  {name}: {summary}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>Table (file, glob or s3://)</span>
            <input
              list="tables"
              value={form.table}
              placeholder="reviews.csv"
              onChange={(event) => set({ table: event.currentTarget.value })}
            />
            <datalist id="tables">
              {view.tables.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </label>
          <Problem error={problems["table"]} />
          {view.prompts.length > 0 && (
            <label>
              <span>Prompt file</span>
              <select
                value={form.promptFile ?? ""}
                onChange={(event) => event.currentTarget.value !== "" && readPrompt(event.currentTarget.value)}
              >
                <option value="">none</option>
                {view.prompts.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          )}
          <label>
            <span>Prompt, with {"{{column}}"} where a cell goes</span>
            <textarea rows={7} value={form.prompt} onInput={(event) => edit({ prompt: event.currentTarget.value })} />
          </label>
          <Problem error={problems["prompt"]} />
          <label>
            <span>Model</span>
            <select value={form.model} onChange={(event) => set({ model: event.currentTarget.value })}>
              {model === undefined && <option value={form.model}>{form.model}</option>}
              {view.models
                .filter(({ hasBatch }) => hasBatch)
                .map(({ alias, label, inputUsd, outputUsd }) => (
                  <option key={alias} value={alias}>
                    {label}
                    {inputUsd === undefined ? "" : ` · $${inputUsd} in, $${outputUsd} out a million tokens in batch`}
                  </option>
                ))}
            </select>
          </label>
          <div class="toolbar">
            <label>
              <span>Maximum output tokens</span>
              <input
                type="number"
                min={1}
                value={form.maxTokens ?? ""}
                onChange={(event) => withNumber("maxTokens", number(event.currentTarget.value), edit)}
              />
            </label>
            <label>
              <span>Only the first rows</span>
              <input
                type="number"
                min={1}
                value={form.limit ?? ""}
                onChange={(event) => withNumber("limit", number(event.currentTarget.value), set)}
              />
            </label>
            <label>
              <span>Highest cost ($)</span>
              <input
                type="number"
                min={0}
                step="0.01"
                value={form.maxCostUsd ?? ""}
                onChange={(event) => withNumber("maxCostUsd", number(event.currentTarget.value), set)}
              />
            </label>
          </div>
          <details>
            <summary>System prompt, schema, name</summary>
            <label>
              <span>System prompt</span>
              <textarea
                rows={2}
                value={form.system ?? ""}
                onChange={(event) => edit({ system: event.currentTarget.value })}
              />
            </label>
            <label>
              <span>JSON Schema of the answers; empty for a text</span>
              <textarea
                rows={6}
                class="mono"
                value={form.schema ?? ""}
                onChange={(event) => edit({ schema: event.currentTarget.value })}
              />
            </label>
            <label>
              <span>Name</span>
              <input value={form.name ?? ""} onChange={(event) => set({ name: event.currentTarget.value })} />
            </label>
          </details>
          {!view.isLocal && (
            <label class="check">
              <input
                type="checkbox"
                checked={form.isSimulated}
                onChange={(event) => set({ isSimulated: event.currentTarget.checked })}
              />
              <span>simulate it on the local service: no account, no cost, no model</span>
            </label>
          )}
        </form>
        <div class="side">
          {preview !== undefined && <Preview preview={preview} texts={texts} />}
          <section aria-live="polite" aria-busy={isPlanning}>
            <h2>Plan</h2>
            <Problem error={problems["plan"]} />
            {plan === undefined && problems["plan"] === undefined && (
              <p class="soft">{isPlanning ? "planning …" : "Choose a table, write a prompt."}</p>
            )}
            {plan !== undefined && <Plan plan={plan} isSimulated={view.isLocal || form.isSimulated} />}
          </section>
          {plan !== undefined && (
            <Start
              form={form}
              plan={plan}
              isSimulated={view.isLocal || form.isSimulated}
              tried={tried}
              onTried={setTried}
            />
          )}
        </div>
      </div>
    </>
  );
}

/** A number that was taken out of its field is not set any more. */
function withNumber(
  name: "maxTokens" | "limit" | "maxCostUsd",
  value: number | undefined,
  set: (change: Partial<NewRunForm>) => void,
): void {
  set({ [name]: value } as Partial<NewRunForm>);
}

function Preview({ preview, texts }: { preview: InputPreview; texts: readonly string[] }) {
  return (
    <section>
      <h2>Table</h2>
      <div class="scroll preview" tabIndex={0} role="region" aria-label="First rows of the table">
        <table class="list">
          <thead>
            <tr>
              {preview.columns.map(({ name, type }) => (
                <th key={name} scope="col">
                  {showText(name)} <small>{type}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.slice(0, 5).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
              <tr key={index}>
                {preview.columns.map(({ name }) => (
                  <td key={name} class="text">
                    {showCell(row[name]).slice(0, 200)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {texts.length > 0 && (
        <>
          <h2>Prompt on the first rows</h2>
          {texts.map((text, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: texts have no other name
            <pre key={index} tabIndex={0} aria-label={`Prompt of row ${index + 1}`}>
              {showText(text)}
            </pre>
          ))}
        </>
      )}
    </section>
  );
}

function Plan({ plan, isSimulated }: { plan: PlanView; isSimulated: boolean }) {
  const { cost, onDemandCost } = plan;
  return (
    <>
      <Tiles
        tiles={[
          [formatUsd(cost?.expected), isSimulated ? "it would cost on AWS" : "expected cost"],
          [formatUsd(onDemandCost?.expected), "on demand"],
          [formatCount(plan.recordCount), "requests"],
          [formatCount(plan.jobCount), plan.jobCount === 1 ? "job" : "jobs"],
        ]}
      />
      <p class="soft">
        {formatNumberOf(plan.rowCount, "row")}; {formatCount(plan.duplicateCount)} share a request,{" "}
        {formatCount(plan.answeredCount)} answered before, {formatCount(plan.skippedCount)} skipped.{" "}
        {formatTokens(plan.inputTokens.expected)} tokens in, {formatTokens(plan.outputTokens.expected)} out.
        {cost === undefined ? "" : ` Cost between ${formatUsd(cost.low)} and ${formatUsd(cost.high)}.`}{" "}
        {showText(plan.model)}.
      </p>
      {plan.offline !== undefined && <p class="soft">The account was not asked: {showText(plan.offline)}</p>}
      {plan.warnings.map((text) => (
        <p key={text} class="warn">
          {showText(text)}
        </p>
      ))}
      {plan.problems.map((problem) => (
        <Problem key={problem.code} error={new ApiError(problem)} />
      ))}
      <p>
        The same on a terminal: <Command text={plan.command} />
      </p>
    </>
  );
}

function Start({
  form,
  plan,
  isSimulated,
  tried,
  onTried,
}: {
  form: NewRunForm;
  plan: PlanView;
  isSimulated: boolean;
  tried: TryView | undefined;
  onTried: (tried: TryView) => void;
}) {
  const [problem, setProblem] = useState<Error>();
  const [work, setWork] = useState<WorkView>();
  const [isAsking, setAsking] = useState(false);
  const [isTrying, setTrying] = useState(false);
  useEvents(
    (event) => {
      if (event.kind === "work" && event.work.id === work?.id) setWork(event.work);
      // The run has its place in the list as soon as the ledger has it.
      if (event.kind === "runs" && work?.state === "running") {
        const [latest] = event.runs;
        if (latest !== undefined && latest.createdAt >= startedAt.current) goTo(["runs", latest.id]);
      }
    },
    [work?.id],
  );
  const [startedAt] = useState({ current: 0 });
  useEffect(() => {
    if (work?.state === "done" && work.runId !== undefined) goTo(["runs", work.runId]);
  }, [work]);
  const start = (): void => {
    setAsking(false);
    setProblem(undefined);
    startedAt.current = Date.now() - 1000;
    post<WorkView>("/api/start", { ...form, isConfirmed: true }).then(setWork, setProblem);
  };
  const tryIt = (): void => {
    setTrying(true);
    setProblem(undefined);
    post<TryView>("/api/try", form)
      .then(onTried, setProblem)
      .finally(() => setTrying(false));
  };
  const isBarred = plan.problems.length > 0 || work?.state === "running";
  return (
    <section class="start">
      <div class="toolbar">
        <button type="button" class="quiet" onClick={tryIt} disabled={isTrying}>
          {isTrying ? "Trying …" : isSimulated ? "Try three rows" : "Try three rows, on demand"}
        </button>
        <button
          type="button"
          class="primary"
          disabled={isBarred}
          onClick={() => (isSimulated ? start() : setAsking(true))}
        >
          {isSimulated ? "Start the simulation" : "Start"}
        </button>
      </div>
      {isAsking && (
        <p class="ask">
          Send {formatNumberOf(plan.recordCount, "request")} for{" "}
          {plan.cost === undefined
            ? "a price that is not known"
            : `${formatUsd(plan.cost.low)} to ${formatUsd(plan.cost.high)}`}
          ?{" "}
          <button type="button" class="primary" onClick={start}>
            Yes, start
          </button>{" "}
          <button type="button" class="quiet" onClick={() => setAsking(false)}>
            No
          </button>
        </p>
      )}
      <Problem error={problem} />
      {work !== undefined && <Work work={work} />}
      {tried !== undefined && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Rows that were tried">
          <table class="list">
            <thead>
              <tr>
                {Object.keys(tried.rows[0] ?? {})
                  .filter((name) => !name.includes("halfprice_raw"))
                  .map((name) => (
                    <th key={name} scope="col">
                      {showText(name)}
                    </th>
                  ))}
              </tr>
            </thead>
            <tbody>
              {tried.rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
                <tr key={index}>
                  {Object.entries(row)
                    .filter(([name]) => !name.includes("halfprice_raw"))
                    .map(([name, cell]) => (
                      <td key={name} class="text">
                        {showCell(cell).slice(0, 300)}
                      </td>
                    ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {tried !== undefined && (
        <p class="soft">
          {tried.wouldCostUsd !== undefined
            ? `simulated; would cost ${formatUsd(tried.wouldCostUsd)}`
            : `paid ${formatUsd(tried.paidUsd)}`}
        </p>
      )}
    </section>
  );
}

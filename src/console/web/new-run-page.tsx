import { useEffect, useState } from "preact/hooks";
import type { ConsoleView, InputPreview, NewRunForm, PlanView, TryView } from "../views.ts";
import { post } from "./api.ts";
import { Plan, Preview } from "./new-run-plan.tsx";
import { Problem } from "./parts.tsx";
import { Start } from "./start-run.tsx";

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
  const edit = (change: Partial<NewRunForm>): void => setForm((last) => ({ ...withoutFile(last), ...change }));

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
                {form.promptFile !== undefined && !view.prompts.includes(form.promptFile) && (
                  <option>{form.promptFile}</option>
                )}
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

function withoutFile(form: NewRunForm): NewRunForm {
  const { promptFile: _, ...others } = form;
  return others;
}

/** A number that was taken out of its field is not set any more. */
function withNumber(
  name: "maxTokens" | "limit" | "maxCostUsd",
  value: number | undefined,
  set: (change: Partial<NewRunForm>) => void,
): void {
  set({ [name]: value });
}

import { useEffect, useState } from "preact/hooks";
import type { ConsoleView } from "../../views.ts";
import { Problem } from "../parts.tsx";
import type { NewRun } from "./new-run-state.ts";

interface FieldProps {
  readonly view: ConsoleView;
  readonly run: NewRun;
}

/** What a new run is made of, field by field. */
export function NewRunFields({ view, run }: FieldProps) {
  const { problems } = run;
  return (
    <form class="stack" onSubmit={(event) => event.preventDefault()}>
      <RecipeField view={view} run={run} />
      <TableField view={view} run={run} />
      <Problem error={problems["table"]} />
      {view.prompts.length > 0 && <PromptFileField view={view} run={run} />}
      <label>
        <span>Prompt, with {"{{column}}"} where a cell goes</span>
        <textarea
          rows={7}
          value={run.form.prompt}
          onInput={(event) => run.edit({ prompt: event.currentTarget.value })}
        />
      </label>
      <Problem error={problems["prompt"]} />
      <ModelField view={view} run={run} />
      <LimitFields run={run} />
      <FurtherFields run={run} />
      {!view.isLocal && (
        <label class="check">
          <input
            type="checkbox"
            checked={run.form.isSimulated}
            onChange={(event) => run.set({ isSimulated: event.currentTarget.checked })}
          />
          <span>simulate it on the local service: no account, no cost, no model</span>
        </label>
      )}
    </form>
  );
}

function RecipeField({ view, run }: FieldProps) {
  return (
    <label>
      <span>Recipe</span>
      <select value="" onChange={(event) => run.takeRecipe(event.currentTarget.value)}>
        <option value="">take a table and a prompt that work</option>
        {view.recipes.map(({ name, summary }) => (
          <option key={name} value={name}>
            {name}: {summary}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Looked at when the field is left; what is typed until then is kept here, or the next thing that comes in would undo it. */
function TableField({ view, run: { form, set } }: FieldProps) {
  const [typed, setTyped] = useState(form.table);
  useEffect(() => setTyped(form.table), [form.table]);
  return (
    <label>
      <span>Table (file, glob or s3://)</span>
      <input
        list="tables"
        value={typed}
        placeholder="reviews.csv"
        onInput={(event) => setTyped(event.currentTarget.value)}
        onChange={(event) => set({ table: event.currentTarget.value })}
      />
      <datalist id="tables">
        {view.tables.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  );
}

function PromptFileField({ view, run: { form, readPrompt } }: FieldProps) {
  return (
    <label>
      <span>Prompt file</span>
      <select
        value={form.promptFile ?? ""}
        onChange={(event) => event.currentTarget.value !== "" && readPrompt(event.currentTarget.value)}
      >
        <option value="">none</option>
        {form.promptFile !== undefined && !view.prompts.includes(form.promptFile) && <option>{form.promptFile}</option>}
        {view.prompts.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function ModelField({ view, run: { form, set } }: FieldProps) {
  const isListed = view.models.some(({ alias }) => alias === form.model);
  return (
    <label>
      <span>Model</span>
      <select value={form.model} onChange={(event) => set({ model: event.currentTarget.value })}>
        {!isListed && <option value={form.model}>{form.model}</option>}
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
  );
}

const readNumber = (text: string): number | undefined =>
  text === "" || Number.isNaN(Number(text)) ? undefined : Number(text);

/** A number that was taken out of its field is not set any more. */
const setNumber = (name: "maxTokens" | "limit" | "maxCostUsd", text: string, set: NewRun["set"]): void =>
  set({ [name]: readNumber(text) });

function LimitFields({ run: { form, set, edit } }: Pick<FieldProps, "run">) {
  return (
    <div class="toolbar">
      <label>
        <span>Maximum output tokens</span>
        <input
          type="number"
          min={1}
          value={form.maxTokens ?? ""}
          onChange={(event) => setNumber("maxTokens", event.currentTarget.value, edit)}
        />
      </label>
      <label>
        <span>Only the first rows</span>
        <input
          type="number"
          min={1}
          value={form.limit ?? ""}
          onChange={(event) => setNumber("limit", event.currentTarget.value, set)}
        />
      </label>
      <label>
        <span>Highest cost ($)</span>
        <input
          type="number"
          min={0}
          step="0.01"
          value={form.maxCostUsd ?? ""}
          onChange={(event) => setNumber("maxCostUsd", event.currentTarget.value, set)}
        />
      </label>
    </div>
  );
}

function FurtherFields({ run: { form, set, edit } }: Pick<FieldProps, "run">) {
  return (
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
  );
}

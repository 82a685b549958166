import { useState } from "preact/hooks";
import type { RunAction, WorkView } from "../views.ts";
import { ApiError, post, runPath } from "./api.ts";
import { Command, Problem, Question } from "./parts.tsx";

/** What can be done with a run now, each with the command that does the same. */
export function Actions({
  id,
  actions,
  onWork,
}: {
  id: string;
  actions: readonly RunAction[];
  onWork: (work: WorkView) => void;
}) {
  const [error, setError] = useState<Error>();
  const [exportTo, setExportTo] = useState<string>();
  const [isSaved, setSaved] = useState("");
  const [asked, setAsked] = useState<RunAction>();
  const act = (name: RunAction["name"]): void => {
    setAsked(undefined);
    setError(undefined);
    post<WorkView>(`${runPath(id)}/act`, { name, isConfirmed: name === asked?.name }).then(onWork, setError);
  };
  const save = (event: Event): void => {
    event.preventDefault();
    setError(undefined);
    post<{ path: string }>(`${runPath(id)}/export`, { path: exportTo ?? "" }).then(({ path }) => {
      setSaved(path);
      setExportTo(undefined);
    }, setError);
  };
  const press = (action: RunAction): void => {
    if (action.name === "export") setExportTo("answers.csv");
    else if (action.name === "report") window.open(`${runPath(id)}/report`, "_blank", "noopener");
    else if (action.name === "stop" || action.name === "retry") setAsked(action);
    else act(action.name);
  };
  return (
    <section class="actions" aria-label="Actions">
      <ul>
        {actions.map((action) => (
          <li key={action.name}>
            {action.name !== "watch" && (
              <button type="button" onClick={() => press(action)}>
                {action.label}
              </button>
            )}
            <Command text={action.command} />
          </li>
        ))}
      </ul>
      {asked !== undefined && (
        <Question yes={`Yes, ${asked.name}`} onYes={() => act(asked.name)} onNo={() => setAsked(undefined)}>
          {asked.name === "stop"
            ? "Stop the jobs of this run? What was answered stays, and is paid."
            : "Send the rows without a good answer again? They cost what they cost before."}
        </Question>
      )}
      {exportTo !== undefined && (
        <form class="toolbar" onSubmit={save}>
          <label>
            <span>File (.parquet, .csv, .jsonl, .xlsx)</span>
            <input value={exportTo} onInput={(event) => setExportTo(event.currentTarget.value)} />
          </label>
          <button type="submit">Write</button>
        </form>
      )}
      {isSaved !== "" && <p role="status">Written: {isSaved}</p>}
      <Problem error={error} />
    </section>
  );
}

/** What this console is doing with a run. */
export function Work({ work }: { work: WorkView }) {
  if (work.state === "failed" && work.error !== undefined) return <Problem error={new ApiError(work.error)} />;
  return (
    <p role="status" class={work.state === "running" ? "working" : "soft"}>
      {work.what}: {work.state === "running" ? (work.step ?? "begun") : work.state}
    </p>
  );
}

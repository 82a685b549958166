import type { ConsoleView } from "../../views.ts";
import { Problem } from "../parts.tsx";
import { NewRunFields } from "./new-run-form.tsx";
import { Plan, Preview } from "./new-run-plan.tsx";
import { type NewRun, useNewRun } from "./new-run-state.ts";
import { Start } from "./start-run.tsx";

/** A new run: table, prompt, model; the plan changes as one types. */
export function NewRunPage({ console: view }: { console: ConsoleView }) {
  const run = useNewRun(view);
  const { form, preview, texts, plan, tried, setTried } = run;
  const isSimulated = view.isLocal || form.isSimulated;
  return (
    <>
      <h1>New run</h1>
      <div class="new-run">
        <NewRunFields view={view} run={run} />
        <div class="side">
          {preview !== undefined && <Preview preview={preview} texts={texts} />}
          <PlanSection run={run} isSimulated={isSimulated} />
          {plan !== undefined && (
            <Start form={form} plan={plan} isSimulated={isSimulated} tried={tried} onTried={setTried} />
          )}
        </div>
      </div>
    </>
  );
}

function PlanSection({ run: { plan, isPlanning, problems }, isSimulated }: { run: NewRun; isSimulated: boolean }) {
  return (
    <section aria-live="polite" aria-busy={isPlanning}>
      <h2>Plan</h2>
      <Problem error={problems["plan"]} />
      {plan === undefined && problems["plan"] === undefined && (
        <p class="soft">{isPlanning ? "planning …" : "Choose a table, write a prompt."}</p>
      )}
      {plan !== undefined && <Plan plan={plan} isSimulated={isSimulated} />}
    </section>
  );
}

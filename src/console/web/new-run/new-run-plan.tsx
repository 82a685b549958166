import type { InputPreview, PlanView } from "../../views.ts";
import { ApiError } from "../api.ts";
import { formatCount, formatNumberOf, formatTokens, formatUsd, showCell, showText } from "../format.ts";
import { Command, Problem, Tiles } from "../parts.tsx";

/** The first rows of a table, and the prompt on them. */
export function Preview({ preview, texts }: { preview: InputPreview; texts: readonly string[] }) {
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

/** What a new run would do and cost. */
export function Plan({ plan, isSimulated }: { plan: PlanView; isSimulated: boolean }) {
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

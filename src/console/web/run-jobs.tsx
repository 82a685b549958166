import type { DetailedJob, RunPage as Page } from "../views.ts";
import { formatCount, formatDuration, formatNumber, formatNumberOf, formatTime, showText } from "./format.ts";
import { Bars, Histogram } from "./parts.tsx";
import { goTo } from "./router.ts";

/** The jobs on one time line. */
export function Jobs({ jobs }: { jobs: readonly DetailedJob[] }) {
  const times = jobs.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt].filter((each) => each !== undefined));
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const shown = jobs.slice(0, 200);
  return (
    <section>
      <h2>Jobs</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Jobs">
        <table class="list">
          <thead>
            <tr>
              <th scope="col">Job</th>
              <th scope="col">State</th>
              <th scope="col" class="right">
                Records
              </th>
              <th scope="col" class="right">
                Done
              </th>
              <th scope="col" class="wide">
                Time
              </th>
              <th scope="col" class="right">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((job) => {
              const { startedAt, endedAt = end } = job;
              const span = Math.max(1, end - start);
              return (
                <tr key={job.index}>
                  <th scope="row">
                    {job.lane === "batch" ? `job ${job.index + 1}` : "on demand"}
                    {job.round > 0 && <small>round {job.round}</small>}
                    {job.link !== undefined && (
                      <a href={job.link} target="_blank" rel="noopener noreferrer">
                        in the AWS console
                      </a>
                    )}
                    {job.arn !== undefined && <small>{job.arn}</small>}
                  </th>
                  <td>
                    {job.state}
                    {job.message !== undefined && <small>{showText(job.message)}</small>}
                  </td>
                  <td class="right">{formatCount(job.recordCount)}</td>
                  <td class="right">{job.processedCount === undefined ? "–" : formatCount(job.processedCount)}</td>
                  <td class="wide">
                    {startedAt !== undefined && (
                      <span class="timeline" title={formatTime(startedAt)}>
                        <i
                          style={{
                            marginLeft: `${((startedAt - start) / span) * 100}%`,
                            width: `${Math.max(1, ((endedAt - startedAt) / span) * 100)}%`,
                          }}
                        />
                      </span>
                    )}
                  </td>
                  <td class="right">
                    {startedAt === undefined || job.endedAt === undefined
                      ? "–"
                      : formatDuration(job.endedAt - startedAt)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {jobs.length > shown.length && <p class="soft">and {formatNumberOf(jobs.length - shown.length, "more job")}</p>}
    </section>
  );
}

/** What the answers are like, and the tokens. */
export function Answers({ page: { details, run } }: { page: Page }) {
  const { profile } = details;
  if (profile === undefined) return null;
  return (
    <>
      <section>
        <h2>Answers</h2>
        <div class="charts">
          {profile.answers.map((answer) => (
            <div key={answer.name}>
              <h3>{showText(answer.name)}</h3>
              {"labels" in answer && (
                <Bars
                  name={answer.name}
                  bars={answer.labels.map(({ text, count }) => ({ key: text, label: showText(text), count }))}
                  onPick={(value) => goTo(["runs", run.id, "rows"], { column: answer.name, value })}
                />
              )}
              {"bins" in answer && <Histogram name={answer.name} bins={answer.bins.map(toBin)} format={formatNumber} />}
            </div>
          ))}
        </div>
      </section>
      <section>
        <h2>Tokens</h2>
        <div class="charts">
          {(["inputTokens", "outputTokens"] as const).map((name) => (
            <div key={name}>
              <h3>{name === "inputTokens" ? "Input tokens of a row" : "Output tokens of a row"}</h3>
              <Histogram name={name} bins={profile[name].map(toBin)} format={formatNumber} />
            </div>
          ))}
        </div>
      </section>
    </>
  );
}

const toBin = ({ from, to, count }: { from: number; to: number; count: number }) => ({ low: from, high: to, count });

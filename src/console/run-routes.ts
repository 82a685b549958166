import type { FastifyInstance } from "fastify";
import { evaluateRun, listRuns, openRun, type RowFilter, resumeRun, retryRun, stopRun } from "../index.ts";
import { type ConsoleContext, needCount, needText, readBody, readParam } from "./console-context.ts";
import { BadRequest } from "./error-view.ts";
import { reportPolicy } from "./keep-out.ts";
import { makeRunPage, toRunView } from "./run-views.ts";
import type { ComparisonView, WorkView } from "./views.ts";

/** Runs: the list, one of them, what can be done with it, two of them side by side. */
export function addRunRoutes(app: FastifyInstance, { session, tables, works }: ConsoleContext): void {
  app.get("/api/runs", async () => (await listRuns(session)).map(toRunView));

  app.get("/api/runs/:id", async (request) => {
    const id = readParam(request, "id");
    const listed = (await listRuns(session)).find((each) => each.id === id);
    if (listed === undefined) throw new BadRequest(`there is no run ${id}`);
    return makeRunPage(session, listed, works.find(id));
  });

  app.get("/api/runs/:id/report", async (request, reply) => {
    const run = await openRun(readParam(request, "id"), session);
    return reply
      .header("content-security-policy", reportPolicy)
      .type("text/html; charset=utf-8")
      .send(await run.report());
  });

  app.post("/api/runs/:id/act", async (request): Promise<WorkView> => {
    const id = readParam(request, "id");
    const body = readBody<{ name: string; isConfirmed: boolean; rows: RowFilter }>(request);
    const name = needText(body.name, "name");
    const run = await openRun(id, session);
    const own = {
      ...session,
      ...(run.origin.kind === "local" && session.endpointUrl === undefined ? { local: true } : {}),
    };
    const acts: Readonly<Record<string, typeof resumeRun>> = { resume: resumeRun, stop: stopRun, retry: retryRun };
    const act = acts[name];
    if (act === undefined) throw new BadRequest(`a run can be resumed, stopped and retried, and not ${name}`);
    if (name === "retry" && run.origin.kind !== "local" && body.isConfirmed !== true)
      throw new BadRequest("to send rows again costs money, and has to be confirmed");
    tables.close();
    const rows = name === "retry" && body.rows !== undefined ? { rows: body.rows } : {};
    return works.start(name, id, (tools) => act(id, { ...own, ...rows, ...tools }));
  });

  app.post("/api/compare", async (request): Promise<ComparisonView> => {
    const body = readBody<{ one: string; other: string; answer: string; gold: string }>(request);
    const one = needText(body.one, "one");
    const other = needText(body.other, "other");
    const answer = needText(body.answer, "answer");
    const counts = await tables.withComparison([one, other, answer], (comparison) =>
      Promise.resolve({ rowCount: comparison.rowCount, differingCount: comparison.differingCount }),
    );
    const gold = body.gold === undefined || body.gold === "" ? {} : { gold: body.gold };
    const evaluation = await evaluateRun(one, { ...session, against: other, answer, ...gold });
    const runs = await Promise.all([one, other].map((id) => openRun(id, session)));
    const cost = runs.map(({ id, money, rowCount }) => {
      const usd = money.wouldCostUsd ?? money.paidUsd;
      return { runId: id, ...(usd === undefined || rowCount === 0 ? {} : { perRowUsd: usd / rowCount }) };
    });
    return { ...counts, evaluation, cost };
  });

  app.post("/api/compare/rows", async (request) => {
    const body = readBody<{ one: string; other: string; answer: string; from: number; count: number }>(request);
    const key = [needText(body.one, "one"), needText(body.other, "other"), needText(body.answer, "answer")] as const;
    return tables.withComparison(key, (comparison) =>
      comparison.window(needCount(body.from, "from"), needCount(body.count, "count")),
    );
  });
}

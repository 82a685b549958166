import type { FastifyInstance } from "fastify";
import { openRun, type RowFilter, type WindowRequest } from "../index.ts";
import { type ConsoleContext, needCount, needText, readBody, readParam } from "./console-context.ts";
import type { LabelTask, TableView } from "./views.ts";

/** The rows of a run: windows of them, one whole, charts of columns, labels. */
export function addRowRoutes(app: FastifyInstance, { session, tables }: ConsoleContext): void {
  app.get("/api/runs/:id/table", (request) =>
    tables.withTable(readParam(request, "id"), ({ columns, rowCount, outcomeColumn, rawColumn }) =>
      Promise.resolve<TableView>({ columns, rowCount, outcomeColumn, rawColumn }),
    ),
  );

  app.post("/api/runs/:id/rows", (request) => {
    const { filter = {}, from, count, columns } = readBody<WindowRequest>(request);
    return tables.withTable(readParam(request, "id"), (table) =>
      table.window({
        filter,
        from: needCount(from, "from"),
        count: needCount(count, "count"),
        ...(columns === undefined ? {} : { columns }),
      }),
    );
  });

  app.get("/api/runs/:id/rows/:row", (request) =>
    tables.withTable(readParam(request, "id"), (table) => table.row(Number(readParam(request, "row")))),
  );

  app.post("/api/runs/:id/chart", (request) => {
    const { column, filter = {} } = readBody<{ column: string; filter: RowFilter }>(request);
    return tables.withTable(readParam(request, "id"), (table) => table.chart(needText(column, "column"), filter));
  });

  app.post("/api/runs/:id/sql", (request) => {
    const { filter = {} } = readBody<{ filter: RowFilter }>(request);
    return tables.withTable(readParam(request, "id"), (table) => Promise.resolve({ sql: table.sqlOf(filter) }));
  });

  app.post("/api/runs/:id/export", async (request) => {
    const { filter = {}, path } = readBody<{ filter: RowFilter; path: string }>(request);
    const to = needText(path, "path");
    await tables.withTable(readParam(request, "id"), (table) => table.export(to, filter));
    return { path: to };
  });

  app.post("/api/runs/:id/label-task", (request): Promise<LabelTask> => {
    const body = readBody<{ column: string; count: number; seed: number }>(request);
    const column = needText(body.column, "column");
    return tables.withTable(readParam(request, "id"), async (table) => ({
      rows: await table.sampleRows(needCount(body.count, "count"), needCount(body.seed, "seed")),
      choices: await table.labelsOf(column),
    }));
  });

  app.get("/api/runs/:id/labels", async (request) => {
    const { column } = request.query as { column?: string };
    return (await openRun(readParam(request, "id"), session)).labels(needText(column, "column"));
  });

  app.post("/api/runs/:id/labels", async (request) => {
    const body = readBody<{ column: string; row: number; label: string | null }>(request);
    const run = await openRun(readParam(request, "id"), session);
    return run.setLabel(needText(body.column, "column"), needCount(body.row, "row"), body.label ?? undefined);
  });

  app.post("/api/runs/:id/gold", async (request) => {
    const body = readBody<{ column: string; path: string }>(request);
    const path = needText(body.path, "path");
    await (await openRun(readParam(request, "id"), session)).writeGold(needText(body.column, "column"), path);
    return { path };
  });
}

import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import type { MultipartFile } from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { findBatch, recordCancel } from "../../client-batches/client-batch.ts";
import { objectOf } from "../../client-batches/converse.ts";
import { cutPage } from "../cut-page.ts";
import { ClientError, type ServeContext } from "../serve-context.ts";
import { type BatchRecord, type Endpoint, endpoints, findRecord, listRecords, writeRecord } from "./batch-record.ts";
import {
  contentPath,
  findFile,
  keepFile,
  listFiles,
  removeFile,
  type StoredFile,
  viewFile,
  writeContent,
} from "./stored-files.ts";
import { findStatus, viewBatch } from "./view-batch.ts";

type WithId = { Params: { id: string } };
type WithQuery = { Querystring: Readonly<Record<string, string | undefined>> };

/** Bytes of a file that are read and sent at a time. */
const sentBytes = 1024 * 1024;

const makeId = (prefix: string): string => `${prefix}${randomBytes(14).toString("hex")}`;

/** OpenAI's files and batches. */
export function addOpenAiRoutes(app: FastifyInstance, context: ServeContext): void {
  const { workspace, nowMs } = context;
  const nowSeconds = (): number => Math.floor(nowMs() / 1000);
  const getFile = (id: string): StoredFile => {
    const file = findFile(workspace, id, nowMs());
    if (file === undefined) throw new ClientError(404, `No such File object: ${id}`, { param: "id" });
    return file;
  };
  const getRecord = (id: string): BatchRecord => {
    const record = findRecord(workspace, id);
    if (record === undefined) throw new ClientError(404, `No batch found with id '${id}'.`, { param: "id" });
    return record;
  };

  app.post("/v1/files", async (request) => {
    // The batch that follows has its requests translated.
    context.translators.prepare();
    return viewFile(await takeFile(request, workspace, nowSeconds()));
  });
  app.get<WithQuery>("/v1/files", ({ query }) => {
    const all = listFiles(workspace, nowMs()).filter(
      ({ purpose }) => query["purpose"] === undefined || query["purpose"] === purpose,
    );
    const page = cutPage(
      query["order"] === "asc" ? all.reverse() : all,
      { after: query["after"], limit: query["limit"] },
      10_000,
    );
    return listOf(page.items.map(viewFile), page.hasMore);
  });
  app.get<WithId>("/v1/files/:id", ({ params }) => viewFile(getFile(params.id)));
  app.delete<WithId>("/v1/files/:id", async ({ params }) => {
    await removeFile(workspace, getFile(params.id).id);
    return { id: params.id, object: "file", deleted: true };
  });
  app.get<WithId>("/v1/files/:id/content", (request, reply) => {
    const { id, bytes, filename } = getFile(request.params.id);
    return reply
      .header("content-length", bytes)
      .header("content-disposition", `attachment; filename="${filename.replace(/[^\w.-]/g, "_")}"`)
      .type("application/octet-stream")
      .send(createReadStream(contentPath(workspace, id), { highWaterMark: sentBytes }));
  });

  app.post("/v1/batches", async (request) => {
    const record = readCreate(request, context);
    await writeRecord(workspace, record);
    context.wake();
    return viewBatch(context, record);
  });
  app.get<WithQuery>("/v1/batches", async ({ query }) => {
    const page = cutPage(listRecords(workspace), { after: query["after"], limit: query["limit"] }, 20);
    return listOf(await Promise.all(page.items.map((record) => viewBatch(context, record))), page.hasMore);
  });
  app.get<WithId>("/v1/batches/:id", ({ params }) => viewBatch(context, getRecord(params.id)));
  app.post<WithId>("/v1/batches/:id/cancel", async ({ params }) => {
    const record = getRecord(params.id);
    const batch = findBatch(workspace, record.id);
    const status = findStatus(record, batch);
    if (status !== "validating" && status !== "in_progress" && status !== "finalizing" && status !== "cancelling")
      throw new ClientError(409, `Cannot cancel a batch with status '${status}'.`);
    const cancelled = { ...record, cancellingAt: record.cancellingAt ?? nowSeconds() };
    await writeRecord(workspace, cancelled);
    if (batch !== undefined) await recordCancel(workspace, record.id, nowMs());
    context.wake();
    return viewBatch(context, cancelled);
  });
}

function listOf(data: readonly object[], hasMore: boolean): object {
  const ids = data.map((each) => (each as { id: string }).id);
  return { object: "list", data, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null, has_more: hasMore };
}

/** Takes an upload as it streams in. @throws ClientError */
async function takeFile(request: FastifyRequest, workspace: string, nowSeconds: number): Promise<StoredFile> {
  if (!request.isMultipart()) throw new ClientError(400, "A file is uploaded as multipart/form-data.");
  const id = makeId("file-");
  const fields = new Map<string, string>();
  let taken: (Pick<MultipartFile, "filename"> & { readonly bytes: number }) | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type === "field") fields.set(part.fieldname, String(part.value));
      else if (part.fieldname !== "file" || taken !== undefined) part.file.resume();
      else {
        const bytes = await writeContent(workspace, id, part.file);
        if (part.file.truncated) throw new ClientError(413, "The file is larger than this server takes.");
        taken = { filename: part.filename, bytes };
      }
    }
    if (taken === undefined) throw new ClientError(400, "'file' is a required property", { param: "file" });
    const purpose = fields.get("purpose");
    if (purpose === undefined) throw new ClientError(400, "'purpose' is a required property", { param: "purpose" });
    if (purpose !== "batch")
      throw new ClientError(400, `'${purpose}' is not one of ['batch']`, { param: "purpose", code: "invalid_purpose" });
    const seconds = Number(fields.get("expires_after[seconds]"));
    const expires = Number.isFinite(seconds) && seconds > 0 ? { expiresAt: nowSeconds + seconds } : {};
    const file = { id, ...taken, createdAt: nowSeconds, purpose, ...expires };
    await keepFile(workspace, file);
    return file;
  } catch (error) {
    await removeFile(workspace, id);
    throw error;
  }
}

/** How long after a call the client may send it again: its retries are over within minutes. */
const retriedForMs = 10 * 60_000;

/** The record of a batch that is asked for, or the one that the same call has made before. @throws ClientError */
function readCreate({ body, headers }: FastifyRequest, { workspace, nowMs }: ServeContext): BatchRecord {
  const {
    input_file_id: inputFileId,
    endpoint,
    completion_window: window,
    metadata,
    output_expires_after: expires,
  } = objectOf(body) as Record<string, unknown>;
  const need = (param: string, message: string): ClientError =>
    new ClientError(400, message, { param, code: "invalid_value" });
  const key = headers["idempotency-key"];
  const before =
    typeof key === "string" ? listRecords(workspace).find(({ idempotencyKey }) => idempotencyKey === key) : undefined;
  if (before !== undefined) return before;
  // The client says itself that it sends the call again, since it got no answer: what came of the first one is the answer.
  const repeated = (record: BatchRecord): boolean =>
    record.inputFileId === inputFileId &&
    record.endpoint === endpoint &&
    record.createdAt * 1000 > nowMs() - retriedForMs &&
    JSON.stringify(record.metadata) === JSON.stringify(metadata ?? null);
  const again = Number(headers["x-stainless-retry-count"] ?? 0) > 0 ? listRecords(workspace).find(repeated) : undefined;
  if (again !== undefined) return again;
  if (typeof inputFileId !== "string") throw need("input_file_id", "Missing required parameter: 'input_file_id'.");
  const file = findFile(workspace, inputFileId, nowMs());
  if (file === undefined) throw new ClientError(404, `No such File object: ${inputFileId}`, { param: "input_file_id" });
  if (!endpoints.includes(endpoint as Endpoint))
    throw need(
      "endpoint",
      `Invalid value: ${JSON.stringify(endpoint ?? null)}. Supported values are: ${endpoints.join(", ")}.`,
    );
  if (window !== "24h") throw need("completion_window", "Invalid value: 'completion_window' has to be '24h'.");
  const { seconds } = objectOf(expires) as Record<string, unknown>;
  return {
    id: makeId("batch_"),
    inputFileId,
    endpoint: endpoint as Endpoint,
    completionWindow: window,
    metadata: readMetadata(metadata),
    ...(typeof seconds === "number" ? { outputExpiresSeconds: seconds } : {}),
    ...(typeof key === "string" ? { idempotencyKey: key } : {}),
    createdAt: Math.floor(nowMs() / 1000),
  };
}

/** At most 16 pairs; keys of 64 letters, values of 512. @throws ClientError */
function readMetadata(metadata: unknown): Readonly<Record<string, string>> | null {
  if (metadata === undefined || metadata === null) return null;
  const pairs = Object.entries(objectOf(metadata));
  const isFit = ([key, value]: [string, unknown]): boolean =>
    key.length <= 64 && typeof value === "string" && value.length <= 512;
  if (typeof metadata !== "object" || pairs.length > 16 || !pairs.every(isFit))
    throw new ClientError(400, "'metadata' takes 16 pairs: keys of 64 letters, values that are texts of 512.", {
      param: "metadata",
    });
  return Object.fromEntries(pairs) as Record<string, string>;
}

import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { BatchWriter } from "../../client-batches/batch-writer.ts";
import {
  batchFolder,
  findBatch,
  listClientBatches,
  recordCancel,
  removeBatch,
} from "../../client-batches/client-batch.ts";
import { objectOf } from "../../client-batches/converse.ts";
import { type ClientBatch, RefusedRequest } from "../../client-batches/types.ts";
import { cutPage } from "../cut-page.ts";
import { ClientError, type ServeContext } from "../serve-context.ts";
import { translateParams } from "./translate-params.ts";
import { viewMessageBatch } from "./view-batch.ts";

type WithId = { Params: { id: string } };
type WithQuery = { Querystring: Readonly<Record<string, string | undefined>> };

/** Anthropic's own limits: bytes of a call, and requests of a batch. */
const maxBytes = 256 * 1024 * 1024;
const maxRequests = 100_000;

/** Where the results of a batch lie. */
export function resultsPath(workspace: string, id: string): string {
  return join(batchFolder(workspace, id), "results.jsonl");
}

/** Anthropic's Message Batches. */
export function addAnthropicRoutes(app: FastifyInstance, context: ServeContext): void {
  const { workspace, nowMs } = context;
  const base = "/v1/messages/batches";
  const getBatch = (id: string): ClientBatch => {
    const batch = findBatch(workspace, id);
    if (batch?.client !== "anthropic") throw new ClientError(404, `There is no message batch ${id}.`);
    return batch;
  };
  const view = (request: FastifyRequest, batch: ClientBatch): object =>
    viewMessageBatch(batch, `${request.protocol}://${request.host}${base}/${batch.id}/results`);

  app.post(base, { bodyLimit: maxBytes }, async (request) => {
    const batch = await takeBatch(request.body, context);
    context.wake();
    return view(request, batch);
  });
  app.get<WithQuery>(base, (request) => {
    const { after_id: after, before_id: before, limit } = request.query;
    const page = cutPage(listClientBatches(workspace, "anthropic"), { after, before, limit }, 20);
    const data = page.items.map((batch) => view(request, batch));
    return {
      data,
      has_more: page.hasMore,
      first_id: page.items[0]?.id ?? null,
      last_id: page.items.at(-1)?.id ?? null,
    };
  });
  app.get<WithId>(`${base}/:id`, (request) => view(request, getBatch(request.params.id)));
  app.post<WithId>(`${base}/:id/cancel`, async (request) => {
    const batch = getBatch(request.params.id);
    if (batch.endedAt !== undefined) throw new ClientError(400, `The message batch ${batch.id} has ended already.`);
    await recordCancel(workspace, batch.id, nowMs());
    context.wake();
    return view(request, getBatch(batch.id));
  });
  app.delete<WithId>(`${base}/:id`, async (request) => {
    const { id, endedAt } = getBatch(request.params.id);
    if (endedAt === undefined) throw new ClientError(400, `The message batch ${id} has not ended: cancel it first.`);
    await removeBatch(workspace, id);
    return { id, type: "message_batch_deleted" };
  });
  app.get<WithId>(`${base}/:id/results`, (request, reply) => {
    const { id, endedAt } = getBatch(request.params.id);
    if (endedAt === undefined) throw new ClientError(404, `The message batch ${id} has no results yet.`);
    return reply.type("application/x-jsonl").send(createReadStream(resultsPath(workspace, id)));
  });
}

/** Accepts a batch: it is on disk when this returns. @throws ClientError where the call is malformed as a whole */
async function takeBatch(body: unknown, { workspace, models, nowMs }: ServeContext): Promise<ClientBatch> {
  const list = objectOf(body)["requests"];
  if (!Array.isArray(list)) throw new ClientError(400, "requests: Field required");
  const requests = list as unknown[];
  if (requests.length === 0 || requests.length > maxRequests)
    throw new ClientError(400, `requests: there are ${requests.length}; a batch takes 1 to ${maxRequests}`);
  const ids = new Set<unknown>();
  for (const [index, request] of requests.entries()) {
    const { custom_id: id } = objectOf(request) as Record<string, unknown>;
    if (typeof id !== "string" || !/^[a-zA-Z0-9_-]{1,64}$/.test(id))
      throw new ClientError(400, `requests.${index}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'`);
    if (ids.has(id)) throw new ClientError(400, `requests.${index}.custom_id: ${id} was used before`);
    ids.add(id);
  }
  const writer = new BatchWriter(workspace, `msgbatch_${randomBytes(14).toString("hex")}`);
  try {
    for (const request of requests) {
      const { custom_id: id, params } = objectOf(request) as Record<string, unknown>;
      try {
        const own = objectOf(params);
        writer.add(translateParams(String(id), own, models.get(own["model"])));
      } catch (error) {
        if (!(error instanceof RefusedRequest)) throw error;
        writer.refuse(String(id), error.reason);
      }
    }
    return await writer.commit("anthropic", nowMs(), {});
  } catch (error) {
    writer.drop();
    throw error;
  }
}

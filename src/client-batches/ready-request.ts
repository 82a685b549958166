import type { BodySummary } from "../models/body-summary.ts";
import { findBodyProblems } from "../models/check-body.ts";
import { classifyBody } from "../models/classify-body.ts";
import { findRequestFamily } from "../models/families/index.ts";
import { findFileProblems } from "./check-files.ts";
import type { ClientModel } from "./client-models.ts";
import { type BatchGroup, type JsonObject, RefusedRequest } from "./types.ts";

/** What all requests of one run have in common. */
export type GroupKey = Pick<BatchGroup, "clientModel" | "model" | "invocation" | "isOnDemand">;

/** A request that is ready for a run: its bodies were checked against their model. */
export interface ReadyRequest {
  readonly id: string;
  readonly key: GroupKey;
  /** One body, or several where one request asks for several things that the model answers one by one. */
  readonly bodies: readonly JsonObject[];
  /** A summary of each body. */
  readonly summaries: readonly BodySummary[];
  /** What has to be known again when its answer is translated. */
  readonly note?: string;
}

/** A request as a client's translation gives it. */
export interface TranslatedRequest extends Pick<ReadyRequest, "id" | "bodies" | "note"> {
  readonly invocation: BatchGroup["invocation"];
}

/**
 * Checks the bodies of a request as a run would, so that a bad one fails alone. It goes on demand where batch does not take it.
 * @throws RefusedRequest with every problem
 */
export function makeReadyRequest(
  model: ClientModel,
  { id, bodies, note, invocation }: TranslatedRequest,
): ReadyRequest {
  const isOnDemand = model.choice.noBatch !== undefined || bodies.some(usesTools);
  return {
    id,
    key: { clientModel: model.clientName, model: model.name, invocation, isOnDemand },
    bodies,
    summaries: bodies.map((body) => checkBody(model, invocation, body, isOnDemand)),
    ...(note === undefined ? {} : { note }),
  };
}

/** Whether a body has tools, or speaks of calls of them: batch takes neither (AWS's page of batch inference, autumn 2026). */
function usesTools(body: JsonObject): boolean {
  if (body["toolConfig"] !== undefined || body["tools"] !== undefined) return true;
  const messages = Array.isArray(body["messages"]) ? (body["messages"] as JsonObject[]) : [];
  return messages.some(({ content }) =>
    (Array.isArray(content) ? (content as JsonObject[]) : []).some(
      (block) =>
        block["toolUse"] !== undefined ||
        block["toolResult"] !== undefined ||
        block["type"] === "tool_use" ||
        block["type"] === "tool_result",
    ),
  );
}

function checkBody(
  { choice }: ClientModel,
  invocation: BatchGroup["invocation"],
  body: JsonObject,
  isOnDemand: boolean,
): BodySummary {
  const family = findRequestFamily(choice.family, invocation === "converse" ? "Converse" : "InvokeModel");
  if (family === undefined)
    throw new RefusedRequest({
      message: `${choice.label} gives vectors, not texts`,
      code: "WRONG_ENDPOINT",
      status: 400,
    });
  const target = isOnDemand ? { ...choice, isOnDemandAsked: true as const } : choice;
  const look = family.inspectBody(body);
  const problems = findBodyProblems(family, body, target, look);
  // Bodies of another form would stop the whole run.
  if (problems.length === 0 && !classifyBody(body).includes(family.name))
    problems.push(`the request does not have the form that ${family.label} takes`);
  if (problems.length > 0) throw new RefusedRequest({ message: problems.join("; "), code: "BAD_REQUEST", status: 400 });
  const files = findFileProblems(family.name, choice.baseId, choice.label, body);
  if (files.length > 0) throw new RefusedRequest({ message: files.join("; "), code: "BAD_MEDIA", status: 400 });
  return look;
}

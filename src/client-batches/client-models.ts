import { HalfpriceError } from "../foundation/errors/index.ts";
import type { ModelChoice } from "../foundation/types/index.ts";
import { findBodyProblems } from "../models/check-body.ts";
import { classifyBody } from "../models/classify-body.ts";
import { findRequestFamily } from "../models/families/index.ts";
import type { Family } from "../models/family.ts";
import { resolveModel } from "../models/resolve-model.ts";
import { findFileProblems } from "./check-files.ts";
import { type JsonObject, RefusedRequest } from "./types.ts";

/** A model as a client's requests are translated for it. */
export interface ClientModel {
  /** As the client named it. */
  readonly clientName: string;
  /** As it is asked for. */
  readonly name: string;
  readonly choice: ModelChoice;
  /** The model's own family. */
  readonly family: Family;
}

/** The models that clients name, each looked up once. */
export class ClientModels {
  readonly #region: string;
  readonly #mapped: ReadonlyMap<string, string>;
  readonly #isGlobalAllowed: boolean;
  readonly #known = new Map<string, ClientModel | RefusedRequest>();

  /** @param mapped names that clients use, and the models that they stand for */
  constructor(region: string, mapped: ReadonlyMap<string, string> = new Map(), isGlobalAllowed = false) {
    this.#region = region;
    this.#mapped = mapped;
    this.#isGlobalAllowed = isGlobalAllowed;
  }

  /** @throws RefusedRequest where there is no such model */
  get(clientName: unknown): ClientModel {
    if (typeof clientName !== "string" || clientName === "")
      throw new RefusedRequest({ message: "`model` is missing", code: "MODEL_MISSING", status: 400 });
    const known = this.#known.get(clientName) ?? this.#find(clientName);
    this.#known.set(clientName, known);
    if (known instanceof RefusedRequest) throw known;
    return known;
  }

  #find(clientName: string): ClientModel | RefusedRequest {
    const name = this.#mapped.get(clientName) ?? clientName;
    try {
      const choice = resolveModel({
        ...{ model: name, region: this.#region, nowMs: Date.now() },
        ...{ isOnDemandAllowed: true, isGlobalAllowed: this.#isGlobalAllowed },
      });
      const family = findRequestFamily(choice.family, "InvokeModel");
      if (family === undefined) throw new HalfpriceError("UNKNOWN_FAMILY", { model: name, families: [] });
      return { clientName, name, choice, family };
    } catch (error) {
      if (!(error instanceof HalfpriceError)) throw error;
      return new RefusedRequest({ message: `${error.message} ${error.fix}`, code: error.code, status: 404 });
    }
  }
}

/** Whether a body has tools, or speaks of calls of them: batch takes neither (AWS's page of batch inference, autumn 2026). */
export function usesTools(body: JsonObject): boolean {
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

/**
 * Checks a body as the run will, so that a bad one fails alone.
 * @throws RefusedRequest with every problem
 */
export function checkClientBody(
  { choice }: ClientModel,
  invocation: "model" | "converse",
  body: JsonObject,
  isOnDemand: boolean,
): void {
  const family = findRequestFamily(choice.family, invocation === "converse" ? "Converse" : "InvokeModel");
  if (family === undefined)
    throw new RefusedRequest({
      message: `${choice.label} gives vectors, not texts`,
      code: "WRONG_ENDPOINT",
      status: 400,
    });
  const target = isOnDemand ? { ...choice, isOnDemandAsked: true as const } : choice;
  const problems = findBodyProblems(family, body, target);
  // Bodies of another form would stop the whole run.
  if (problems.length === 0 && !classifyBody(body).includes(family.name))
    problems.push(`the request does not have the form that ${family.label} takes`);
  if (problems.length > 0) throw new RefusedRequest({ message: problems.join("; "), code: "BAD_REQUEST", status: 400 });
  const files = findFileProblems(family.name, choice.baseId, choice.label, body);
  if (files.length > 0) throw new RefusedRequest({ message: files.join("; "), code: "BAD_MEDIA", status: 400 });
}

/** Bedrock and Bedrock Runtime as one service: both sign as `bedrock`, the path tells them apart. */
import { join } from "node:path";
import { runtimeOperations } from "../bedrock-runtime/operations.ts";
import { makeThrottle, type RuntimeLimits } from "../bedrock-runtime/throttle.ts";
import { type MetricStore, makeMetricStore } from "../cloudwatch/metric-store.ts";
import { type Faults, noFaults } from "../faults/faults.ts";
import { fieldDurations, type JobDurations } from "../jobs/durations.ts";
import { jobsFolder, openJobStore } from "../jobs/job-store.ts";
import { makeJobLife } from "../jobs/life.ts";
import { type Answers, simulatedAnswers } from "../models/answers/answers.ts";
import { openApplicationProfiles } from "../models/application-profiles.ts";
import { type ModelAccess, parseModelAccess } from "../models/model-access.ts";
import { makePromptCache } from "../models/prompt-cache.ts";
import { makeQuotas, type Quotas } from "../models/quotas.ts";
import { findDenial } from "../operation.ts";
import type { LocalService, WireRequest, WireResponse } from "../service.ts";
import { BodyTooLarge, readBody } from "../wire/body.ts";
import { Refusal } from "../wire/refusal.ts";
import {
  answerJson,
  answerRefusal,
  answerUnknownOperation,
  findRoute,
  parseJsonBody,
  readRestInput,
} from "../wire/rest-json.ts";
import { SerializationFault } from "../wire/shape.ts";
import type { World } from "../world.ts";
import { statusOf } from "./errors.ts";
import { type BedrockContext, isWireResponse } from "./operation.ts";
import { bedrockOperations } from "./operations.ts";

/** What the service is made of; each has a default. */
export interface BedrockParts {
  /** The account's quotas. Share it with Service Quotas. */
  readonly quotas?: Quotas;
  /** What the account has not got of models; nothing is missing where left out. */
  readonly access?: ModelAccess;
  /** What answers; the simulation where left out. */
  readonly answers?: Answers;
  /** How long jobs stay in their states, in the service's time; as in the field where left out. */
  readonly durations?: Partial<JobDurations> | undefined;
  /** Limits of InvokeModel and Converse; none where left out. */
  readonly runtimeLimits?: RuntimeLimits | undefined;
  /** Where measurements go. Share it with CloudWatch. */
  readonly metrics?: MetricStore;
  /** What goes wrong with jobs and records; nothing where left out. */
  readonly faults?: Faults;
}

export interface BedrockService extends LocalService {
  /** Resolves when the jobs of an earlier process have been taken up. */
  readonly ready: Promise<void>;
  /** Resolves when no job can move before the clock does; for tests that step it. */
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

const maxBodyBytes = 25_000_000;
const serviceNamespace = "com.amazon.bedrock";
const operations = [...bedrockOperations.operations, ...runtimeOperations.operations];
const notBuilt = [...bedrockOperations.notBuilt, ...runtimeOperations.notBuilt];

/** Makes the service and begins to take up the jobs that lie in the world's data folder. */
export function makeBedrockService(world: World, parts: BedrockParts = {}): BedrockService {
  const opening = open(world, parts);
  // Whoever awaits `ready` or sends a request is told; until then a failure must not end the process.
  opening.catch(() => undefined);
  return {
    signingName: "bedrock",
    ready: opening.then(() => undefined),
    whenIdle: async () => (await opening).life.whenIdle(),
    close: async () => (await opening).life.close(),
    async handle(request) {
      const response = await answer(await opening, request);
      return { ...response, headers: { "x-amzn-requestid": request.requestId, ...response.headers } };
    },
  };
}

async function open(world: World, parts: BedrockParts): Promise<BedrockContext> {
  const quotas = parts.quotas ?? makeQuotas();
  const answers = parts.answers ?? simulatedAnswers;
  const metrics = parts.metrics ?? makeMetricStore();
  const faults = parts.faults ?? noFaults;
  const store = await openJobStore(jobsFolder(world.dataDir));
  const profiles = await openApplicationProfiles(join(world.dataDir, "bedrock", "inference-profiles.json"));
  const life = makeJobLife({
    world,
    store,
    quotas,
    answers,
    durations: { ...fieldDurations, ...parts.durations },
    metrics,
    faults,
  });
  for (const job of store.jobs.values()) life.begin(job);
  return {
    world,
    store,
    profiles,
    life,
    quotas,
    access: parts.access ?? parseModelAccess(),
    answers,
    prompts: makePromptCache(world.clock),
    throttle: makeThrottle(world.clock, parts.runtimeLimits),
    metrics,
    faults,
  };
}

async function answer(context: BedrockContext, request: WireRequest): Promise<WireResponse> {
  const found = findRoute(operations, request);
  if (found === undefined) return answerNotServed(request);
  try {
    const bytes = await readBody(request.body, maxBodyBytes);
    const { operation, labels } = found;
    const body = operation.wire.rawBody === true ? {} : parseJsonBody(bytes);
    const input = readRestInput(operation.input, request, labels, body);
    const read = { ...request, bytes };
    const denial = findDenial(operation, input, context, read, context.world.authority);
    if (denial !== undefined) throw new Refusal("AccessDeniedException", denial);
    const result = await operation.act(input, context, read);
    return isWireResponse(result) ? result : answerJson(200, result ?? {});
  } catch (error) {
    return answerRefusal(asRefusal(error), statusOf[asRefusal(error).type] ?? 400, serviceNamespace);
  }
}

function answerNotServed(request: WireRequest): WireResponse {
  const known = findRoute(notBuilt, request);
  if (known === undefined) return answerUnknownOperation();
  const refusal = new Refusal("NotImplementedException", `${known.operation.name} is not built in the local service.`);
  return answerRefusal(refusal, statusOf[refusal.type] ?? 501, serviceNamespace);
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof SerializationFault) return new Refusal("SerializationException", error.message);
  // Words unconfirmed.
  if (error instanceof BodyTooLarge) {
    return new Refusal("ValidationException", `The request body is longer than ${error.limitBytes} bytes.`);
  }
  throw error;
}

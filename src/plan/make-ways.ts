import type { Plan, Way } from "../foundation/types/index.ts";

/** What is known beside a plan about other ways to have its answers. */
export interface WaysInput {
  readonly plan: Plan;
  /** What the same records would cost with several rows in a request; absent where they cannot share one, or do. */
  readonly packed?: { readonly usd: number; readonly rowsPerRequest: number };
  /** Of a packed plan: what each row alone would cost in batch, or on demand where there is no batch. */
  readonly singleUsd?: number;
  /** Cheaper models, with the command that would measure them. */
  readonly models: readonly { readonly label: string; readonly usd: number; readonly command: string }[];
}

/** All ways to have the answers of a plan, the cheapest first; none where the plan's own price is not known. */
export function makeWays(input: WaysInput): Way[] {
  const { plan } = input;
  if (plan.costUsd === undefined) return [];
  return [...makeOwn(input), ...makeRoutes(input), ...makeShapes(input), ...makeModels(input)].sort(
    (one, other) => one.usd - other.usd,
  );
}

const isInBatch = ({ lanes }: Plan): boolean => lanes.some(({ lane }) => lane === "batch");

function makeOwn({ plan }: WaysInput): Way[] {
  const usd = plan.costUsd?.expected ?? 0;
  const how = isInBatch(plan) ? "batch" : "on demand";
  const { pack } = plan;
  const way =
    pack === undefined || pack.rowsPerRequest === 1
      ? `${how}, one row in a request`
      : `${how}, up to ${pack.rowsPerRequest} rows in a request`;
  return [{ kind: isInBatch(plan) ? "batch" : "on-demand", way, usd, isPlan: true }];
}

function makeRoutes({ plan }: WaysInput): Way[] {
  const ways: Way[] = [];
  if (isInBatch(plan) && plan.onDemandUsd !== undefined && plan.model.prices?.isBatchAtMost !== true)
    ways.push({ kind: "on-demand", way: "on demand", usd: plan.onDemandUsd.expected, command: "--route on-demand" });
  if (plan.globalUsd !== undefined && plan.model.global !== undefined) {
    const { invokeId } = plan.model.global;
    ways.push({
      kind: "global",
      way: "through the global profile",
      usd: plan.globalUsd.expected,
      command: `--model ${invokeId}`,
      doubt: "data may go to any region of AWS",
    });
  }
  return ways;
}

function makeShapes({ plan, packed, singleUsd }: WaysInput): Way[] {
  const ways: Way[] = [];
  if (packed !== undefined)
    ways.push({
      kind: "packed",
      way: `up to ${packed.rowsPerRequest} rows in a request`,
      usd: packed.usd,
      isEstimate: true,
      command: "--pack auto",
      doubt: "a canary shows whether the answers are as good",
    });
  if (singleUsd !== undefined)
    ways.push({ kind: "single", way: "one row in a request", usd: singleUsd, isEstimate: true, command: "--pack 1" });
  return [...ways, ...(plan.otherWays ?? []).map((other): Way => ({ kind: "other", isEstimate: true, ...other }))];
}

const makeModels = ({ models }: WaysInput): Way[] =>
  models.map(({ label, usd, command }) => ({
    kind: "model",
    way: `${label} in batch`,
    usd,
    isEstimate: true,
    command,
    doubt: "how good its answers are, that command measures",
  }));

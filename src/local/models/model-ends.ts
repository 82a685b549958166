/** Models that have reached the end of their life: from then on neither calls nor jobs are taken. */
import { Refusal } from "../wire/refusal.ts";
import type { Model } from "./model.ts";

const march2027 = [
  "deepseek.v3-v1:0",
  ...["google.gemma-3-4b-it", "google.gemma-3-12b-it", "google.gemma-3-27b-it"],
  ...["meta.llama3-1-8b-instruct-v1:0", "meta.llama3-1-70b-instruct-v1:0", "meta.llama3-3-70b-instruct-v1:0"],
  ...["meta.llama4-maverick-17b-instruct-v1:0", "meta.llama4-scout-17b-instruct-v1:0"],
  ...["minimax.minimax-m2", "minimax.minimax-m2.1"],
  ...["mistral.devstral-2-123b", "mistral.voxtral-mini-3b-2507", "mistral.voxtral-small-24b-2507"],
  "moonshot.kimi-k2-thinking",
  ...["nvidia.nemotron-nano-9b-v2", "nvidia.nemotron-nano-12b-v2"],
  ...["qwen.qwen3-coder-30b-a3b-v1:0", "qwen.qwen3-coder-480b-a35b-v1:0"],
  ...["zai.glm-4.7", "zai.glm-4.7-flash"],
];

/**
 * Data: the day by the model's id, from AWS's model cards and lifecycle page, read 2026-11-30. The page does not list the models of
 * 2027-03-30, their cards do. Llama 3.1 405B's card has "Legacy: July 7, 2026", which may be its end or not: left out, unconfirmed.
 */
const endsOn: Readonly<Record<string, string>> = {
  "amazon.nova-premier-v1:0": "2026-09-14",
  "anthropic.claude-3-5-haiku-20241022-v1:0": "2026-06-19",
  "anthropic.claude-3-haiku-20240307-v1:0": "2026-09-10",
  "anthropic.claude-opus-4-1-20250805-v1:0": "2027-01-08",
  "anthropic.claude-sonnet-4-20250514-v1:0": "2026-10-14",
  "meta.llama3-2-1b-instruct-v1:0": "2026-07-07",
  "meta.llama3-2-3b-instruct-v1:0": "2026-07-07",
  "meta.llama3-2-11b-instruct-v1:0": "2026-07-07",
  "meta.llama3-2-90b-instruct-v1:0": "2026-07-07",
  "amazon.nova-canvas-v1:0": "2026-09-30",
  "amazon.nova-reel-v1:0": "2026-09-30",
  "amazon.nova-sonic-v1:0": "2026-09-14",
  "ai21.jamba-1-5-large-v1:0": "2026-11-26",
  "cohere.command-r-plus-v1:0": "2026-08-19",
  ...Object.fromEntries(march2027.map((id) => [id, "2027-03-30"])),
};

/**
 * Words and type as the runtime gives them (sources#failures); that CreateModelInvocationJob says the same is unconfirmed.
 * @throws Refusal `ResourceNotFoundException`
 */
export function checkEnd({ id }: Pick<Model, "id">, nowMs: number): void {
  const day = endsOn[id];
  if (day === undefined || nowMs < Date.parse(`${day}T00:00:00Z`)) return;
  throw new Refusal(
    "ResourceNotFoundException",
    "This model version has reached the end of its life. Please refer to the AWS documentation for more details.",
  );
}

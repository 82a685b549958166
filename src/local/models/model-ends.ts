/** Models that have reached the end of their life: from then on neither calls nor jobs are taken. */
import { Refusal } from "../wire/refusal.ts";
import type { Model } from "./model.ts";

/**
 * Data: the day by the model's id, from AWS's model cards and lifecycle page, read 2026-11-30. Of Llama 3.2 the day is that of the page,
 * and a public probe of 2026-10-10 has found it ended.
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

import type { ConverseCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/** An answer on demand. */
export interface ModelAnswer {
  /** The answer's JSON text. */
  readonly body: string;
  /** How often the SDK sent it: more than once where it was throttled. */
  readonly attempts: number;
}

/** Requests one by one, on demand. */
export interface ModelService {
  /** @param body a request in the model's own form, JSON @throws SERVICE_REFUSED */
  invoke(modelId: string, body: string): Promise<ModelAnswer>;
  /** The same with Converse's body and answer. @throws SERVICE_REFUSED */
  converse(modelId: string, body: string): Promise<ModelAnswer>;
  close(): void;
}

/** Opens the runtime with the SDK's adaptive retries: it slows down by itself where the service throttles. */
export function openModelService(connection: Connection): ModelService {
  const client = new sdk.bedrockRuntime.BedrockRuntimeClient({
    ...makeClientOptions(connection),
    retryMode: "adaptive",
  });
  return {
    async invoke(modelId, body) {
      return calling("Bedrock", "InvokeModel", async () => {
        const answer = await client.send(
          new sdk.bedrockRuntime.InvokeModelCommand({
            modelId,
            body,
            contentType: "application/json",
            accept: "application/json",
          }),
        );
        return { body: Buffer.from(answer.body ?? []).toString("utf8"), attempts: answer.$metadata.attempts ?? 1 };
      });
    },
    async converse(modelId, body) {
      return calling("Bedrock", "Converse", async () => {
        const request = JSON.parse(body) as Omit<ConverseCommandInput, "modelId">;
        const { $metadata, ...answer } = await client.send(
          new sdk.bedrockRuntime.ConverseCommand({ ...request, modelId }),
        );
        return { body: JSON.stringify(answer), attempts: $metadata.attempts ?? 1 };
      });
    },
    close: () => client.destroy(),
  };
}

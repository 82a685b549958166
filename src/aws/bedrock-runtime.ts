import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  InvokeModelCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { type Connection, makeClientOptions } from "./connection.ts";
import { calling } from "./wrap-error.ts";

/** What `try` needs: one request, on demand. */
export interface ModelService {
  /** @param body a request in the model's own form, JSON @returns the answer's JSON text @throws SERVICE_REFUSED */
  invoke(modelId: string, body: string): Promise<string>;
  /** The same with Converse's body and answer. @throws SERVICE_REFUSED */
  converse(modelId: string, body: string): Promise<string>;
  close(): void;
}

export function openModelService(connection: Connection): ModelService {
  const client = new BedrockRuntimeClient(makeClientOptions(connection));
  return {
    async invoke(modelId, body) {
      return calling("Bedrock", "InvokeModel", async () => {
        const answer = await client.send(
          new InvokeModelCommand({ modelId, body, contentType: "application/json", accept: "application/json" }),
        );
        return Buffer.from(answer.body ?? []).toString("utf8");
      });
    },
    async converse(modelId, body) {
      return calling("Bedrock", "Converse", async () => {
        const request = JSON.parse(body) as Omit<ConverseCommandInput, "modelId">;
        const { $metadata: _, ...answer } = await client.send(new ConverseCommand({ ...request, modelId }));
        return JSON.stringify(answer);
      });
    },
    close: () => client.destroy(),
  };
}

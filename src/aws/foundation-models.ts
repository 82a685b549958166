import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/** A model as a region lists it. Whether it runs in batch is not in the list. */
export interface ListedFoundationModel {
  readonly id: string;
  /** `ACTIVE` or `LEGACY`, as the service spells it. */
  readonly status: string;
  /** The day of its end, where the service says one: `2026-10-14`. */
  readonly endOfLife: string | undefined;
}

/** The models that a region lists. @throws NO_CREDENTIALS, CREDENTIALS_REFUSED, UNREACHABLE, SERVICE_REFUSED */
export async function readFoundationModels(connection: Connection): Promise<readonly ListedFoundationModel[]> {
  return calling("Bedrock", "ListFoundationModels", async () => {
    const client = new sdk.bedrock.BedrockClient(makeClientOptions(connection));
    try {
      // One answer: the operation has no pages.
      const { modelSummaries = [] } = await client.send(new sdk.bedrock.ListFoundationModelsCommand({}));
      return modelSummaries.map(({ modelId: id = "", modelLifecycle }) => ({
        id,
        status: modelLifecycle?.status ?? "",
        endOfLife: modelLifecycle?.endOfLifeTime?.toISOString().slice(0, 10),
      }));
    } finally {
      client.destroy();
    }
  });
}

/** The ids of AWS's own inference profiles in a region. @throws as readFoundationModels */
export async function readInferenceProfiles(connection: Connection): Promise<readonly string[]> {
  return calling("Bedrock", "ListInferenceProfiles", async () => {
    const client = new sdk.bedrock.BedrockClient(makeClientOptions(connection));
    try {
      const ids: string[] = [];
      const pages = sdk.bedrock.paginateListInferenceProfiles(
        { client, pageSize: 1000 },
        { typeEquals: "SYSTEM_DEFINED" },
      );
      for await (const { inferenceProfileSummaries = [] } of pages) {
        for (const { inferenceProfileId: id } of inferenceProfileSummaries) if (id !== undefined) ids.push(id);
      }
      return ids;
    } finally {
      client.destroy();
    }
  });
}

import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling, isRefusal } from "./wrap-error.ts";

/** A model as its region has it. */
export interface ModelFacts {
  /** `ACTIVE` or `LEGACY`, as the service spells it. */
  readonly lifecycle: string;
  /** Has `ON_DEMAND` where the model can be invoked without a profile. */
  readonly inferenceTypes: readonly string[];
}

/** Whether the account may use a model, in the service's words: `AVAILABLE`, `NOT_AUTHORIZED`, … */
export interface ModelAvailability {
  readonly agreement: string;
  readonly agreementError: string | undefined;
  readonly authorization: string;
  readonly entitlement: string;
  readonly region: string;
}

/** What the checks read of models. @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED */
export interface ModelReader {
  /** @param id of the foundation model, without a profile's prefix */
  readModel(id: string): Promise<ModelFacts>;
  readAvailability(id: string): Promise<ModelAvailability>;
  /** The ARNs of the models that a profile sends to. @param id of a profile, or its ARN */
  readDestinations(id: string): Promise<readonly string[]>;
  /** Whether the first-use form of the account was sent. @throws SERVICE_REFUSED ResourceNotFoundException where not */
  readUseCase(): Promise<void>;
  close(): void;
}

/** Reads what the account and the region have of a model. Close it after use. */
export function openModelReader(connection: Connection): ModelReader {
  const client = new sdk.bedrock.BedrockClient(makeClientOptions(connection));
  return {
    readModel: (id) =>
      calling("Bedrock", "GetFoundationModel", async () => {
        const { modelDetails: model } = await client.send(
          new sdk.bedrock.GetFoundationModelCommand({ modelIdentifier: id }),
        );
        const lifecycle = model?.modelLifecycle?.status ?? "";
        return { lifecycle, inferenceTypes: model?.inferenceTypesSupported ?? [] };
      }),
    readAvailability: (id) =>
      calling("Bedrock", "GetFoundationModelAvailability", async () => {
        const answer = await client.send(new sdk.bedrock.GetFoundationModelAvailabilityCommand({ modelId: id }));
        return {
          agreement: answer.agreementAvailability?.status ?? "",
          agreementError: answer.agreementAvailability?.errorMessage,
          authorization: answer.authorizationStatus ?? "",
          entitlement: answer.entitlementAvailability ?? "",
          region: answer.regionAvailability ?? "",
        };
      }),
    readDestinations: (id) =>
      calling("Bedrock", "GetInferenceProfile", async () => {
        const command = new sdk.bedrock.GetInferenceProfileCommand({ inferenceProfileIdentifier: id });
        const { models = [] } = await client.send(command);
        return models.flatMap(({ modelArn }) => modelArn ?? []);
      }),
    async readUseCase() {
      await calling("Bedrock", "GetUseCaseForModelAccess", () =>
        client.send(new sdk.bedrock.GetUseCaseForModelAccessCommand({})),
      );
    },
    close: () => client.destroy(),
  };
}

const applicationArn = /^arn:aws[^:]*:bedrock:[^:]*:[0-9]{12}:application-inference-profile\//;

/**
 * The ARNs of the models that an application inference profile sends to: its own ARN does not say.
 * @returns undefined for any other name of a model, and where the caller may not read the profile
 * @throws SERVICE_REFUSED where there is no such profile; UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function readModelsBehind(
  connection: Connection,
  model: string | undefined,
): Promise<readonly string[] | undefined> {
  if (model === undefined || !applicationArn.test(model)) return undefined;
  const reader = openModelReader(connection);
  try {
    return await reader.readDestinations(model);
  } catch (error) {
    if (isRefusal(error, "AccessDeniedException")) return undefined;
    throw error;
  } finally {
    reader.close();
  }
}

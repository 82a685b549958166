import type { Connection } from "./connection.ts";
import { openModelReader } from "./model-reading.ts";
import { isRefusal } from "./wrap-error.ts";

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

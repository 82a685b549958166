import { createReadStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { ModelService } from "../aws/bedrock-runtime.ts";
import { HalfpriceError } from "../errors.ts";

export interface OnDemandQuestion {
  readonly models: ModelService;
  readonly modelId: string;
  /** Lines as a job's input has them. */
  readonly inputFile: string;
  /** Gets lines as a job's output has them, so that one reader reads both. */
  readonly outputFile: string;
  readonly onAnswer: (answeredCount: number) => void;
}

/**
 * Sends a few records one after the other, on demand. A record that the service refuses becomes a line with its error.
 * @throws NO_CREDENTIALS, CREDENTIALS_REFUSED, UNREACHABLE
 */
export async function askOnDemand({
  models,
  modelId,
  inputFile,
  outputFile,
  onAnswer,
}: OnDemandQuestion): Promise<void> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(inputFile), crlfDelay: Infinity })) {
    // The bytes of the body go out as they were written: a parsed number could come back another.
    const found = /^\{"recordId":"([0-9a-f]{32})","modelInput":(.*)\}$/su.exec(line);
    if (found === null) throw new Error("a line of the input is not as it was written");
    const [, recordId = "", body = ""] = found;
    lines.push(`{"modelInput":${body},${await askOne(models, modelId, body)},"recordId":"${recordId}"}\n`);
    onAnswer(lines.length);
  }
  writeFileSync(outputFile, lines.join(""));
}

async function askOne(models: ModelService, modelId: string, body: string): Promise<string> {
  try {
    return `"modelOutput":${await models.invoke(modelId, body)}`;
  } catch (error) {
    if (!(error instanceof HalfpriceError) || error.code !== "SERVICE_REFUSED") throw error;
    const { status, type, message } = error.details as { status: number; type: string; message: string };
    return `"error":${JSON.stringify({ errorCode: status, errorMessage: `${type}: ${message}` })}`;
  }
}

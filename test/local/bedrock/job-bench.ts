/** A Bedrock service on a stepped clock with a client of the real SDK: what the tests of jobs begin with. */
import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  type CreateModelInvocationJobCommandInput,
  GetModelInvocationJobCommand,
  type GetModelInvocationJobCommandOutput,
} from "@aws-sdk/client-bedrock";
import { type BedrockParts, type BedrockService, makeBedrockService } from "../../../src/local/bedrock/service.ts";
import { account, type Bench, credentials, type Door, makeBench, openDoor, removeBench } from "../bench.ts";

export const minuteMs = 60_000;
export const haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

/** One minute each for Submitted and Validating, three for Scheduled, ten for InProgress. */
export const durations = {
  submittedMs: minuteMs,
  validatingMs: minuteMs,
  scheduledMs: 3 * minuteMs,
  inProgressMs: 10 * minuteMs,
  perRecordMs: 0,
  stoppingMs: minuteMs,
} as const;

export interface JobBench {
  readonly bench: Bench;
  readonly service: BedrockService;
  readonly door: Door;
  readonly client: BedrockClient;
  clientOf(region: string): BedrockClient;
  create(more?: Partial<CreateModelInvocationJobCommandInput>): Promise<string>;
  get(arn: string): Promise<GetModelInvocationJobCommandOutput>;
  /** Moves the clock and waits until nothing moves before it does. */
  step(byMs: number): Promise<void>;
  /** Creates a job and lets a day pass. */
  finish(more?: Partial<CreateModelInvocationJobCommandInput>): Promise<GetModelInvocationJobCommandOutput>;
  /** The lines of a job's output, parsed. */
  output(arn: string, name?: string): OutputLine[];
  close(): Promise<void>;
}

export interface OutputLine {
  readonly recordId: string;
  readonly modelInput: unknown;
  readonly modelOutput?: { readonly [name: string]: unknown };
  readonly error?: { readonly errorCode: number; readonly errorMessage: string };
}

export const claudeBody = (text: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 100,
  messages: [{ role: "user", content: text }],
  ...more,
});

/** Lines of an input file, each with a body. */
export const makeInput = (
  count: number,
  body: (index: number) => unknown = (index) => claudeBody(`No. ${index}`),
): string =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({ recordId: `rec_${index}`, modelInput: body(index) }),
  ).join("\n");

let names = 0;
export const jobInput = (
  more: Partial<CreateModelInvocationJobCommandInput> = {},
): CreateModelInvocationJobCommandInput => ({
  jobName: `job-${names++}`,
  roleArn: `arn:aws:iam::${account}:role/BatchRole`,
  modelId: haiku,
  inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://bucket/in/a.jsonl" } },
  outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://bucket/out/" } },
  ...more,
});

export async function makeJobBench(
  parts: BedrockParts | ((bench: Bench) => BedrockParts) = {},
  earlier?: Bench,
): Promise<JobBench> {
  const bench = earlier ?? (await makeBench());
  const made = typeof parts === "function" ? parts(bench) : parts;
  const service = makeBedrockService(bench.world, { durations, ...made });
  // A service that still reads the folder would take up the jobs of the next one on it, and both would write them.
  await service.ready;
  const door = await openDoor([service]);
  const clients = new Map<string, BedrockClient>();
  const clientOf = (region: string): BedrockClient => {
    const client =
      clients.get(region) ?? new BedrockClient({ endpoint: door.url, region, credentials, maxAttempts: 1 });
    clients.set(region, client);
    return client;
  };
  const client = clientOf("us-east-1");
  const create: JobBench["create"] = async (more) =>
    (await client.send(new CreateModelInvocationJobCommand(jobInput(more)))).jobArn ?? "";
  const get: JobBench["get"] = (jobIdentifier) => client.send(new GetModelInvocationJobCommand({ jobIdentifier }));
  const step: JobBench["step"] = async (byMs) => {
    bench.clock.advance(byMs);
    await service.whenIdle();
  };
  return {
    bench,
    service,
    door,
    client,
    clientOf,
    create,
    get,
    step,
    async finish(more) {
      const arn = await create(more);
      await step(30 * 60 * minuteMs);
      return await get(arn);
    },
    output(arn, name = "a.jsonl") {
      const text = bench.objects.text("bucket", `out/${arn.slice(-12)}/${name}.out`) ?? "";
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as OutputLine);
    },
    async close() {
      for (const each of clients.values()) each.destroy();
      await service.close();
      await door.close();
      if (earlier === undefined) await removeBench(bench);
    },
  };
}

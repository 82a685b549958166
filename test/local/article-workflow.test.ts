/**
 * The published way, step by step, with the AWS SDK and none of our own code: what a reader of the article does by hand.
 * The service has to take it as AWS does.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { BedrockClient, CreateModelInvocationJobCommand, GetModelInvocationJobCommand } from "@aws-sdk/client-bedrock";
import { CreateRoleCommand, GetRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { parse } from "csv-parse/sync";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";

describe("the article's workflow", () => {
  it("goes from a CSV to parsed answers: role, PassRole, trust, upload, job, poll, read back, join", async () => {
    const server = await startLocal({ speed: 6000 });
    onTestFinished(() => server.close());
    const client = {
      endpoint: server.url,
      region: "us-east-1",
      credentials: { accessKeyId: server.env.AWS_ACCESS_KEY_ID, secretAccessKey: server.env.AWS_SECRET_ACCESS_KEY },
    };
    const [sts, iam, s3, bedrock] = [
      new STSClient(client),
      new IAMClient(client),
      new S3Client(client),
      new BedrockClient(client),
    ];
    const { Account: account } = await sts.send(new GetCallerIdentityCommand({}));
    expect(account).toMatch(/^\d{12}$/);

    // A role as a notebook has one, an inline policy to pass it, and a trust relationship.
    const statement = {
      Effect: "Allow",
      Principal: { Service: ["bedrock.amazonaws.com", "sagemaker.amazonaws.com"] },
      Action: "sts:AssumeRole",
    };
    const { Role: role } = await iam.send(
      new CreateRoleCommand({
        RoleName: "AmazonSageMaker-ExecutionRole",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
      }),
    );
    const passRole = { Effect: "Allow", Action: "iam:PassRole", Resource: role?.Arn };
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: "AmazonSageMaker-ExecutionRole",
        PolicyName: "pass-role",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [passRole] }),
      }),
    );
    const read = await iam.send(new GetRoleCommand({ RoleName: "AmazonSageMaker-ExecutionRole" }));
    expect(JSON.parse(decodeURIComponent(read.Role?.AssumeRolePolicyDocument ?? ""))).toMatchObject({
      Statement: [statement],
    });

    // The CSV becomes Bedrock's JSONL.
    const table = `Context,Response\n${Array.from({ length: 120 }, (_, index) => `"I feel number ${index}, ""really""",Tell me more about ${index}\n`).join("")}`;
    const rows: { Context: string; Response: string }[] = parse(table, { columns: true });
    const lines = rows.map(({ Context, Response }, index) => ({
      recordId: `RECORD${String(index).padStart(6, "0")}`,
      modelInput: {
        anthropic_version: "bedrock-2023-05-31",
        max_tokens: 200,
        messages: [{ role: "user", content: [{ type: "text", text: `Context: ${Context}\nResponse: ${Response}` }] }],
      },
    }));
    await s3.send(new CreateBucketCommand({ Bucket: "batch-inference-demo" }));
    const body = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
    await s3.send(new PutObjectCommand({ Bucket: "batch-inference-demo", Key: "input/data.jsonl", Body: body }));

    const { jobArn = "" } = await bedrock.send(
      new CreateModelInvocationJobCommand({
        jobName: "counsel-chat-1",
        roleArn: role?.Arn,
        modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://batch-inference-demo/input/data.jsonl" } },
        outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://batch-inference-demo/output/" } },
      }),
    );
    expect(jobArn).toMatch(/^arn:aws:bedrock:us-east-1:\d{12}:model-invocation-job\/[a-z0-9]{12}$/);
    let status: string | undefined;
    const seen = new Set<string>();
    while (status !== "Completed") {
      ({ status } = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn })));
      seen.add(status ?? "");
      if (/Failed|Stopped|Expired/.test(status ?? "")) throw new Error(`the job ended ${status}`);
      await sleep(5);
    }
    expect(
      [...seen].every((each) => ["Submitted", "Validating", "Scheduled", "InProgress", "Completed"].includes(each)),
    ).toBe(true);

    const prefix = `output/${jobArn.split("/").at(-1)}/`;
    const { Contents: found = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket: "batch-inference-demo", Prefix: prefix }),
    );
    expect(new Set(found.map(({ Key }) => Key))).toEqual(
      new Set([`${prefix}data.jsonl.out`, `${prefix}manifest.json.out`]),
    );
    const text = async (key: string): Promise<string> => {
      const { Body: object } = await s3.send(new GetObjectCommand({ Bucket: "batch-inference-demo", Key: key }));
      return (await object?.transformToString()) ?? "";
    };
    interface Answer {
      readonly recordId: string;
      readonly modelOutput: {
        readonly content: readonly { readonly text: string }[];
        readonly usage: { readonly input_tokens: number };
      };
    }
    const answers = (await text(`${prefix}data.jsonl.out`))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Answer);
    const byId = new Map(answers.map((answer) => [answer.recordId, answer]));
    expect(byId.size).toBe(120);
    // The order of the output is not that of the input.
    expect(answers.map(({ recordId }) => recordId)).not.toEqual(lines.map(({ recordId }) => recordId));
    for (const { recordId } of lines) expect(byId.get(recordId)?.modelOutput.content[0]?.text).not.toBe("");
    const manifest = JSON.parse(await text(`${prefix}manifest.json.out`)) as Record<string, number>;
    expect(manifest).toMatchObject({
      totalRecordCount: 120,
      processedRecordCount: 120,
      successRecordCount: 120,
      errorRecordCount: 0,
    });
    expect(manifest["inputTokenCount"]).toBe(
      answers.reduce((sum, { modelOutput }) => sum + modelOutput.usage.input_tokens, 0),
    );
  });
});

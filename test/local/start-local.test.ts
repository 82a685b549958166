import { existsSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { BedrockRuntimeClient, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSteppedClock } from "../../src/local/clock.ts";
import { startLocal } from "../../src/local/start-local.ts";
import { credentials, type Served, send, serve } from "./served.ts";

describe("the local service", () => {
  it("starts on a free port of the loopback, in a folder that goes with it", async () => {
    const local = await startLocal();
    expect(local.url).toBe(`http://127.0.0.1:${local.port}`);
    expect(existsSync(local.dataDir)).toBe(true);
    await local.close();
    expect(existsSync(local.dataDir)).toBe(false);
    await expect(fetch(local.url)).rejects.toThrow();
    await local.close();
  });

  it("tells what a client's environment needs", async () => {
    await using local = await startLocal({ region: "eu-west-1" });
    expect(local.env).toEqual({
      AWS_ENDPOINT_URL: local.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_EC2_METADATA_DISABLED: "true",
    });
  });

  it("runs several times beside itself", async () => {
    const many = await Promise.all(Array.from({ length: 4 }, () => startLocal()));
    expect(new Set(many.map(({ port }) => port)).size).toBe(4);
    await Promise.all(many.map((local) => local.close()));
  });

  it("gives back the clock that it was given", async () => {
    const clock = makeSteppedClock(Date.UTC(2030, 0, 1));
    await using local = await startLocal({ clock });
    local.clock.advance(1000);
    expect(clock.nowMs()).toBe(Date.UTC(2030, 0, 1) + 1000);
  });

  it.each(["12345", "12345678901x", ""])("has no account %j", async (accountId) => {
    await expect(startLocal({ accountId })).rejects.toThrow(RangeError);
  });

  it("closes although clients hold connections, silent and half-way", async () => {
    const local = await startLocal();
    const client = new S3Client({ endpoint: local.url, region: "us-east-1", credentials });
    await client.send(new ListBucketsCommand({}));
    const open = async (text: string): Promise<{ closed: Promise<void> }> => {
      const socket = connect({ host: "127.0.0.1", port: local.port });
      const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()).on("error", () => undefined));
      await new Promise<void>((resolve) => socket.once("connect", () => socket.write(text, () => resolve())));
      return { closed };
    };
    const sockets = await Promise.all([
      open("P"),
      open("PUT /b/k HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf"),
      open("GET / HTTP/1.1\r\n"),
    ]);
    await local.close();
    await Promise.all(sockets.map(({ closed }) => closed));
    client.destroy();
  });

  it("says one line for each request where that is asked", async () => {
    const lines: string[] = [];
    await using local = await startLocal({ log: (line) => void lines.push(line) });
    await send(local.url, { path: "/no-such-bucket?list-type=2" });
    expect(lines).toEqual([expect.stringMatching(/^s3 GET \/no-such-bucket\?list-type=2 404 \d+ ms$/) as string]);
  });
});

describe("the one port", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.close());

  it("speaks HTTP/2 with prior knowledge, as the Bedrock Runtime client does", async () => {
    const client = new BedrockRuntimeClient({
      endpoint: served.local.url,
      region: "us-east-1",
      credentials,
      maxAttempts: 1,
    });
    const body = JSON.stringify({
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 10,
      messages: [{ role: "user", content: "hello" }],
    });
    const { body: answer, $metadata } = await client.send(
      new InvokeModelCommand({ modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0", body }),
    );
    expect(JSON.parse(Buffer.from(answer).toString())).toMatchObject({ type: "message", role: "assistant" });
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    client.destroy();
  });

  it("serves any of its services over HTTP/2", async () => {
    const session = connectHttp2(served.local.url);
    const stream = session.request({ ":method": "GET", ":path": "/no-such-bucket" });
    const status = await new Promise((resolve) => stream.on("response", (headers) => resolve(headers[":status"])));
    stream.resume();
    expect(status).toBe(404);
    session.destroy();
  });

  it("takes a first word that comes letter by letter", async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port: served.local.port, noDelay: true });
      socket.on("data", (chunk: Buffer) => {
        socket.destroy();
        resolve(chunk.toString());
      });
      const letters = [..."PUT / HTTP/1.1\r\nhost: x\r\n\r\n"];
      const write = (): void => {
        const letter = letters.shift();
        if (letter !== undefined) socket.write(letter, () => setImmediate(write));
      };
      write();
    });
    expect(answer).toMatch(/^HTTP\/1\.1 40\d /);
  });

  it.each([
    [
      "a form of STS",
      {
        method: "POST",
        path: "/",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "Action=GetCallerIdentity&Version=2011-06-15",
      },
      "<GetCallerIdentityResponse",
    ],
    [
      "a form of IAM",
      {
        method: "POST",
        path: "/",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "Action=ListRoles&Version=2010-05-08",
      },
      "<ListRolesResponse",
    ],
    ["a path of Bedrock", { path: "/model-invocation-jobs" }, "invocationJobSummaries"],
    ["a bearer token", { path: "/nowhere", headers: { authorization: "Bearer x" } }, "UnknownOperation"],
    ["anything else", { path: "/" }, "<ListAllMyBucketsResult"],
  ])("finds the service of %s without a signature", async (_said, request, answer) => {
    await using local = await startLocal();
    const { body, headers } = await send(local.url, request);
    expect(`${body} ${String(headers["x-amzn-errortype"])}`).toContain(answer);
  });

  it("says which services there are to whoever wants another one", async () => {
    const scope = (service: string): string =>
      `AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const form = await send(served.local.url, {
      method: "POST",
      path: "/",
      headers: {
        authorization: scope("ec2"),
        "x-amz-date": "20261121T000000Z",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "Action=X",
    });
    expect([form.status, form.body]).toEqual([400, expect.stringContaining("<Code>InvalidAction</Code>")]);
    const json = await send(served.local.url, {
      path: "/",
      headers: { authorization: scope("lambda"), "x-amz-date": "20261121T000000Z" },
    });
    expect([json.status, json.headers["x-amzn-errortype"]]).toEqual([
      404,
      expect.stringContaining("UnknownOperationException"),
    ]);
  });

  it("hangs up on nobody for a long header, up to 64 KB", async () => {
    expect((await send(served.local.url, { path: "/b", headers: { "x-long": "x".repeat(60_000) } })).status).toBe(404);
  });
});

import { createHash } from "node:crypto";
import { BedrockClient, ListFoundationModelsCommand } from "@aws-sdk/client-bedrock";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, ListBucketsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SigningName } from "../../../src/local/service.ts";
import { parseAuthorization } from "../../../src/local/signature/authorization.ts";
import { makeSigningKey } from "../../../src/local/signature/canonical.ts";
import { makeChunkSignatures } from "../../../src/local/signature/chunk-signatures.ts";
import { makeKeyRing } from "../../../src/local/signature/key-ring.ts";
import { SignatureError, type SignedRequest, verifySignature } from "../../../src/local/signature/verify.ts";
import { parseQuery } from "../../../src/local/wire/query-string.ts";
import { credentials, refusalOf, type Served, send, serve } from "../served.ts";

// The key, requests and signatures of the examples in "Authenticating Requests (AWS Signature Version 4)", S3 API
// reference: what AWS's own documentation says is right, no signer of ours or of an SDK.
const accountId = "123456789012";
const example = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const caller = {
  accountId,
  arn: "arn:aws:iam::123456789012:user/example",
  userId: "AIDA",
  accessKeyId: example.accessKeyId,
};
const keys = makeKeyRing({ accountId, region: "us-east-1" }, [{ ...example, caller }], { find: () => undefined });
const wallMs = Date.UTC(2013, 4, 24, 0, 5);
const scope = "20130524/us-east-1/s3/aws4_request";
const emptyHash = createHash("sha256").digest("hex");

function verify(
  target: string,
  {
    method = "GET",
    headers,
    signingName = "s3",
    nowMs = wallMs,
    payload,
  }: { method?: string; headers: Record<string, string>; signingName?: SigningName; nowMs?: number; payload?: Buffer },
) {
  const [path = "/", query = ""] = target.split("?");
  const params = parseQuery(query);
  const all: Record<string, string> = { host: "examplebucket.s3.amazonaws.com", ...headers };
  const request: SignedRequest = {
    method,
    path,
    params,
    headers: all,
    authorization: parseAuthorization(all, params),
    payload,
    signingName,
  };
  return verifySignature(request, { keys, wallMs: nowMs });
}

function errorOf(act: () => unknown): SignatureError["wire"] {
  try {
    act();
  } catch (error) {
    if (error instanceof SignatureError) return error.wire;
    throw error;
  }
  throw new Error("nothing was refused");
}

const authorize = (signedHeaders: string, signature: string): string =>
  `AWS4-HMAC-SHA256 Credential=${example.accessKeyId}/${scope},SignedHeaders=${signedHeaders},Signature=${signature}`;

describe("AWS's own examples", () => {
  const get = {
    range: "bytes=0-9",
    "x-amz-content-sha256": emptyHash,
    "x-amz-date": "20130524T000000Z",
    authorization: authorize(
      "host;range;x-amz-content-sha256;x-amz-date",
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
  };

  it("of reading an object holds", () => {
    expect(verify("/test.txt", { headers: get }).caller).toEqual(caller);
  });

  it.each([
    ["another path", "/test.tx", get],
    ["another query", "/test.txt?acl", get],
    ["another range", "/test.txt", { ...get, range: "bytes=0-8" }],
    ["another signature", "/test.txt", { ...get, authorization: `${get.authorization.slice(0, -1)}0` }],
  ])("does not hold with %s", (_said, target, headers) => {
    expect(errorOf(() => verify(target, { headers }))).toMatchObject({ status: 403, code: "SignatureDoesNotMatch" });
  });

  it("of writing an object holds", () => {
    const headers = {
      date: "Fri, 24 May 2013 00:00:00 GMT",
      "x-amz-date": "20130524T000000Z",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      authorization: authorize(
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
      ),
    };
    expect(verify("/test%24file.text", { method: "PUT", headers }).caller).toEqual(caller);
  });

  it("of a sub-resource and of a listing hold", () => {
    const headers = { "x-amz-date": "20130524T000000Z", "x-amz-content-sha256": emptyHash };
    const signed = "host;x-amz-content-sha256;x-amz-date";
    const lifecycle = authorize(signed, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    const list = authorize(signed, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    expect(verify("/?lifecycle", { headers: { ...headers, authorization: lifecycle } }).caller).toEqual(caller);
    expect(verify("/?max-keys=2&prefix=J", { headers: { ...headers, authorization: list } }).caller).toEqual(caller);
  });

  const presigned = `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(`${example.accessKeyId}/${scope}`)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`;

  it("of a presigned URL holds until it expires", () => {
    const lastMs = Date.UTC(2013, 4, 24) + 86_400_000 - 1;
    expect(verify(presigned, { headers: {}, nowMs: lastMs }).caller).toEqual(caller);
    expect(errorOf(() => verify(presigned, { headers: {}, nowMs: lastMs + 1 }))).toMatchObject({
      status: 403,
      code: "AccessDenied",
      message: "Request has expired",
    });
    expect(errorOf(() => verify(presigned, { headers: {}, nowMs: Date.UTC(2013, 4, 23, 23, 30) }))).toMatchObject({
      code: "AccessDenied",
      message: "Request is not valid yet",
    });
  });

  it("of a body in signed chunks gives the documented signatures", () => {
    const parts = { date: "20130524", region: "us-east-1", service: "s3" };
    const signatures = makeChunkSignatures({
      signingKey: makeSigningKey(example.secretAccessKey, parts),
      scope: parts,
      date: "20130524T000000Z",
      signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    });
    const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
    expect([
      signatures.nextChunk(hash(Buffer.alloc(65_536, "a"))),
      signatures.nextChunk(hash(Buffer.alloc(1024, "a"))),
      signatures.nextChunk(emptyHash),
    ]).toEqual([
      "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
      "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
      "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ]);
  });

  it("with a header of S3's that is not signed is refused", () => {
    const headers = { ...get, "x-amz-meta-added": "later" };
    expect(errorOf(() => verify("/test.txt", { headers }))).toMatchObject({
      status: 403,
      code: "AccessDenied",
      details: { HeadersNotSigned: "x-amz-meta-added" },
    });
  });

  it("is refused when the clocks are more than fifteen minutes apart", () => {
    const aMinuteMs = 60_000;
    const signedAtMs = Date.UTC(2013, 4, 24);
    for (const nowMs of [signedAtMs + 15 * aMinuteMs, signedAtMs - 15 * aMinuteMs])
      expect(verify("/test.txt", { headers: get, nowMs }).caller).toEqual(caller);
    for (const nowMs of [signedAtMs + 16 * aMinuteMs, signedAtMs - 16 * aMinuteMs]) {
      expect(errorOf(() => verify("/test.txt", { headers: get, nowMs }))).toMatchObject({
        status: 403,
        code: "RequestTimeTooSkewed",
        details: { MaxAllowedSkewMilliseconds: "900000" },
      });
    }
  });
});

describe("a signature", () => {
  const date = "20130524T000000Z";
  const wrong = (service: string, accessKeyId = example.accessKeyId): Record<string, string> => ({
    "x-amz-date": date,
    "x-amz-content-sha256": emptyHash,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20130524/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=00`,
  });
  const services: [
    signingName: SigningName,
    unknownKey: string,
    mismatch: string,
    skewed: string,
    none: string | undefined,
    status: number,
  ][] = [
    ["s3", "InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed", undefined, 403],
    [
      "sts",
      "InvalidClientTokenId",
      "SignatureDoesNotMatch",
      "SignatureDoesNotMatch",
      "MissingAuthenticationToken",
      403,
    ],
    [
      "iam",
      "InvalidClientTokenId",
      "SignatureDoesNotMatch",
      "SignatureDoesNotMatch",
      "MissingAuthenticationToken",
      403,
    ],
    [
      "bedrock",
      "UnrecognizedClientException",
      "InvalidSignatureException",
      "InvalidSignatureException",
      "MissingAuthenticationTokenException",
      403,
    ],
    [
      "servicequotas",
      "UnrecognizedClientException",
      "InvalidSignatureException",
      "InvalidSignatureException",
      "MissingAuthenticationTokenException",
      400,
    ],
    [
      "monitoring",
      "UnrecognizedClientException",
      "InvalidSignatureException",
      "InvalidSignatureException",
      "MissingAuthenticationTokenException",
      400,
    ],
  ];

  it.each(services)(
    "for %s is refused in that service's words",
    (signingName, unknownKey, mismatch, skewed, none, status) => {
      const ask = (headers: Record<string, string>, nowMs = wallMs) =>
        errorOf(() => verify("/", { headers, signingName, nowMs, payload: Buffer.alloc(0) }));
      expect(ask(wrong(signingName, "AKIANOBODY"))).toMatchObject({ code: unknownKey, status });
      expect(ask(wrong(signingName))).toMatchObject({ code: mismatch, status });
      expect(ask(wrong(signingName), wallMs + 3600_000)).toMatchObject({ code: skewed, status });
      expect(ask(wrong(signingName), wallMs - 3600_000)).toMatchObject({ code: skewed, status });
      if (none !== undefined) expect(ask({})).toMatchObject({ code: none, status });
    },
  );

  it("that is none of S3's caller makes nobody of it", () => {
    expect(verify("/", { headers: {} }).caller.anonymous).toBe(true);
    expect(verify("/", { headers: { authorization: "" } }).caller.anonymous).toBe(true);
  });

  const broken: [said: string, headers: Record<string, string>, s3: string, sts: string][] = [
    ["of another kind", { authorization: "Basic dGVzdDp0ZXN0" }, "InvalidArgument", "IncompleteSignature"],
    [
      "without its parts",
      { authorization: "AWS4-HMAC-SHA256 Credential=a" },
      "AuthorizationHeaderMalformed",
      "IncompleteSignature",
    ],
    [
      "with a scope cut short",
      {
        "x-amz-date": date,
        authorization: "AWS4-HMAC-SHA256 Credential=a/20130524/us-east-1, SignedHeaders=host, Signature=00",
      },
      "AuthorizationHeaderMalformed",
      "IncompleteSignature",
    ],
    [
      "of another day than its date",
      { ...wrong("s3"), "x-amz-date": "20130525T000000Z" },
      "AuthorizationHeaderMalformed",
      "SignatureDoesNotMatch",
    ],
  ];
  it.each(broken)("%s is told what is wrong with it", (_said, headers, s3, sts) => {
    expect(errorOf(() => verify("/", { headers })).code).toBe(s3);
    expect(errorOf(() => verify("/", { headers, signingName: "sts", payload: Buffer.alloc(0) })).code).toBe(sts);
  });

  it.each([
    ["-1", "X-Amz-Expires must be non-negative"],
    ["abc", "X-Amz-Expires should be a number"],
    [
      "604801",
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    ],
  ])("that lives for %s seconds is none", (expires, message) => {
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(`${example.accessKeyId}/${scope}`)}&X-Amz-Date=${date}&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=00`;
    expect(errorOf(() => verify(`/k?${query}`, { headers: {} }))).toMatchObject({
      status: 400,
      code: "AuthorizationQueryParametersError",
      message,
    });
  });
});

describe("clients of the SDK", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
    await served.s3.send(new CreateBucketCommand({ Bucket: "signed" }));
  });
  afterAll(() => served.close());

  const config = (secretAccessKey: string, accessKeyId = credentials.accessKeyId) => ({
    endpoint: served.local.url,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey },
  });

  it("are let in with the right key, whatever their object is called", async () => {
    for (const Key of ["plain", "with space", "a+b", "ü/✓", "a//b", "!'()*~", "%41", "q?x=1&y"]) {
      await served.s3.send(new PutObjectCommand({ Bucket: "signed", Key, Body: Key, Metadata: { spaced: "a  b" } }));
      const { Body } = await served.s3.send(new GetObjectCommand({ Bucket: "signed", Key }));
      expect(await Body?.transformToString()).toBe(Key);
    }
  });

  it("are refused with a wrong one, by each service in its own words", async () => {
    const sts = new STSClient(config("wrong"));
    const bedrock = new BedrockClient(config("wrong"));
    const s3 = served.openS3({ credentials: { ...credentials, secretAccessKey: "wrong" } });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(bedrock.send(new ListFoundationModelsCommand({}))).rejects.toMatchObject({
      name: "InvalidSignatureException",
      $metadata: { httpStatusCode: 403 },
    });
    expect(await refusalOf(s3.send(new ListBucketsCommand({})))).toEqual({
      code: "SignatureDoesNotMatch",
      status: 403,
    });
    const nobody = new BedrockClient(config("test", "AKIANOBODY"));
    await expect(nobody.send(new ListFoundationModelsCommand({}))).rejects.toMatchObject({
      name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
    });
    for (const client of [sts, bedrock, nobody]) client.destroy();
  });

  it("are let in with a bearer token where it is Bedrock's", async () => {
    const headers = { authorization: "Bearer bedrock-api-key-x" };
    expect((await send(served.local.url, { path: "/foundation-models", headers })).status).toBe(200);
    const { status, body } = await send(served.local.url, {
      method: "POST",
      path: "/",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    expect([status, body]).toEqual([403, expect.stringContaining("<Code>MissingAuthenticationToken</Code>")]);
  });

  it("are whom they became, with temporary credentials, until those expire", async () => {
    let nowMs = Date.now();
    const clocked = await serve({ wallMs: () => nowMs });
    const base = { endpoint: clocked.local.url, region: "us-east-1", maxAttempts: 1 };
    const iam = new IAMClient({ ...base, credentials });
    const sts = new STSClient({ ...base, credentials });
    const trust = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
    };
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: "worker", AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    const assumed = await sts.send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "night", DurationSeconds: 900 }),
    );
    const {
      AccessKeyId: accessKeyId = "",
      SecretAccessKey: secretAccessKey = "",
      SessionToken: sessionToken = "",
    } = assumed.Credentials ?? {};
    const asRole = new STSClient({ ...base, credentials: { accessKeyId, secretAccessKey, sessionToken } });
    const who = await asRole.send(new GetCallerIdentityCommand({}));
    expect(who).toMatchObject({
      Arn: "arn:aws:sts::123456789012:assumed-role/worker/night",
      UserId: `${Role?.RoleId}:night`,
    });
    const s3 = clocked.openS3({ credentials: { accessKeyId, secretAccessKey, sessionToken } });
    await s3.send(new ListBucketsCommand({}));
    expect(
      await refusalOf(
        clocked
          .openS3({ credentials: { accessKeyId, secretAccessKey, sessionToken: "other" } })
          .send(new ListBucketsCommand({})),
      ),
    ).toEqual({ code: "InvalidToken", status: 400 });
    nowMs += 901_000;
    await expect(asRole.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: "ExpiredToken" });
    expect(await refusalOf(s3.send(new ListBucketsCommand({})))).toEqual({ code: "ExpiredToken", status: 400 });
    for (const client of [iam, sts, asRole]) client.destroy();
    await clocked.close();
  });
});

import { createHash } from "node:crypto";
import { connect } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hmac, makeSigningKey, makeStringToSign } from "../../../src/local/signature/canonical.ts";
import { makeChunkSignatures } from "../../../src/local/signature/chunk-signatures.ts";
import { signV2 } from "../../../src/local/signature/version-2.ts";
import { credentials, refusalOf, type Served, send, serve } from "../served.ts";

const Bucket = "wire";
let served: Served;
let open: Served;
beforeAll(async () => {
  served = await serve();
  open = await serve({ verifySignatures: false });
  for (const { s3 } of [served, open]) await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  await served.close();
  await open.close();
});

const codeOf = (body: string): string | undefined => /<Code>(\w+)</.exec(body)?.[1];
const read = async (Key: string): Promise<string | undefined> =>
  (await served.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const sha256 = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

describe("a presigned URL", () => {
  it("reads and writes an object without a key", async () => {
    const put = await getSignedUrl(
      served.openS3({ requestChecksumCalculation: "WHEN_REQUIRED" }),
      new PutObjectCommand({ Bucket, Key: "pre signed+", ContentType: "a/b" }),
      { expiresIn: 60 },
    );
    expect(
      (await fetch(put, { method: "PUT", body: "through a link", headers: { "content-type": "a/b" } })).status,
    ).toBe(200);
    const get = await getSignedUrl(
      served.s3,
      new GetObjectCommand({ Bucket, Key: "pre signed+", ResponseContentDisposition: "attachment" }),
      { expiresIn: 60 },
    );
    const answer = await fetch(get);
    expect([
      answer.status,
      await answer.text(),
      answer.headers.get("content-disposition"),
      answer.headers.get("content-type"),
    ]).toEqual([200, "through a link", "attachment", "a/b"]);
  });

  it("carries what the object is to have", async () => {
    const put = await getSignedUrl(
      served.openS3({ requestChecksumCalculation: "WHEN_REQUIRED" }),
      new PutObjectCommand({ Bucket, Key: "hoisted", Metadata: { a: "b" }, StorageClass: "STANDARD_IA" }),
      { expiresIn: 60 },
    );
    expect((await fetch(put, { method: "PUT", body: "x" })).status).toBe(200);
    expect(await served.s3.send(new HeadObjectCommand({ Bucket, Key: "hoisted" }))).toMatchObject({
      Metadata: { a: "b" },
      StorageClass: "STANDARD_IA",
    });
  });

  it("made with the checksum of no body takes any body", async () => {
    const put = await getSignedUrl(served.s3, new PutObjectCommand({ Bucket, Key: "unknown-body" }), { expiresIn: 60 });
    expect(put).toContain("x-amz-checksum-crc32");
    expect((await fetch(put, { method: "PUT", body: "not empty" })).status).toBe(200);
  });

  it("is good for nothing else", async () => {
    await served.s3.send(new PutObjectCommand({ Bucket, Key: "other", Body: "x" }));
    const get = await getSignedUrl(served.s3, new GetObjectCommand({ Bucket, Key: "pre signed+" }), { expiresIn: 60 });
    for (const [url, method] of [
      [get.replace("pre%20signed%2B", "other"), "GET"],
      [get, "DELETE"],
      [`${get}&acl`, "GET"],
    ] as const) {
      const answer = await fetch(url, { method });
      expect([answer.status, codeOf(await answer.text())]).toEqual([403, "SignatureDoesNotMatch"]);
    }
  });

  it("ends when it says, also where signatures are not verified", async () => {
    let nowMs = Date.now();
    for (const verifySignatures of [true, false]) {
      const clocked = await serve({ verifySignatures, wallMs: () => nowMs });
      await clocked.s3.send(new CreateBucketCommand({ Bucket }));
      await clocked.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
      const url = await getSignedUrl(clocked.s3, new GetObjectCommand({ Bucket, Key: "k" }), { expiresIn: 60 });
      expect((await fetch(url)).status).toBe(200);
      nowMs += 62_000;
      const late = await fetch(url);
      const body = await late.text();
      expect([late.status, codeOf(body)]).toEqual([403, "AccessDenied"]);
      expect(body).toContain("<Message>Request has expired</Message>");
      nowMs = Date.now();
      await clocked.close();
    }
  });

  it("may be one of Signature Version 2, as boto3 makes them", async () => {
    const expires = Math.floor(Date.now() / 1000) + 60;
    await served.s3.send(new PutObjectCommand({ Bucket, Key: "old", Body: "way" }));
    const sign = (at: number): string =>
      encodeURIComponent(signV2(credentials.secretAccessKey, `GET\n\n\n${at}\n/${Bucket}/old`));
    const get = (at: number, signature: string) =>
      send(served.local.url, { path: `/${Bucket}/old?AWSAccessKeyId=test&Expires=${at}&Signature=${signature}` });
    expect((await get(expires, sign(expires))).body).toBe("way");
    expect(codeOf((await get(expires + 1, sign(expires))).body)).toBe("SignatureDoesNotMatch");
    expect((await get(expires - 120, sign(expires - 120))).body).toContain("Request has expired");
  });
});

/** A request signed for a body in chunks, by the specification; `alter` breaks what it is given. */
function signChunked(
  key: string,
  chunks: readonly Buffer[],
  { trailer, alter = (text) => text }: { trailer?: string; alter?: (body: string) => string } = {},
) {
  const host = new URL(served.local.url).host;
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = { date: date.slice(0, 8), region: "us-east-1", service: "s3" };
  const payload =
    trailer === undefined ? "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" : "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
  const signed: Record<string, string> = {
    "content-encoding": "aws-chunked",
    host,
    "x-amz-content-sha256": payload,
    "x-amz-date": date,
    "x-amz-decoded-content-length": String(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)),
    ...(trailer !== undefined && { "x-amz-trailer": trailer.split(":")[0] ?? "" }),
  };
  const names = Object.keys(signed).join(";");
  const canonical = [
    "PUT",
    `/${Bucket}/${key}`,
    "",
    ...Object.entries(signed).map(([name, value]) => `${name}:${value}`),
    "",
    names,
    payload,
  ].join("\n");
  const signingKey = makeSigningKey(credentials.secretAccessKey, scope);
  const signature = hmac(signingKey, makeStringToSign(date, scope, canonical)).toString("hex");
  const signatures = makeChunkSignatures({ signingKey, scope, date, signature });
  const framed = [...chunks, Buffer.alloc(0)]
    .map(
      (chunk) =>
        `${chunk.byteLength.toString(16)};chunk-signature=${signatures.nextChunk(sha256(chunk))}\r\n${chunk.toString("latin1")}${chunk.byteLength > 0 ? "\r\n" : ""}`,
    )
    .join("");
  const end =
    trailer === undefined
      ? "\r\n"
      : `${trailer}\r\nx-amz-trailer-signature:${signatures.trailer(sha256(`${trailer}\n`))}\r\n\r\n`;
  const body = Buffer.from(alter(framed + end), "latin1");
  return {
    method: "PUT",
    path: `/${Bucket}/${key}`,
    headers: {
      ...signed,
      "content-length": String(body.byteLength),
      authorization: `AWS4-HMAC-SHA256 Credential=test/${scope.date}/us-east-1/s3/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
    },
    body,
  };
}

describe("a body in signed chunks", () => {
  const chunks = [Buffer.alloc(65_536, "a"), Buffer.alloc(9000, "b"), Buffer.from("c")];

  it("comes out of its frame", async () => {
    expect((await send(served.local.url, signChunked("chunked", chunks))).status).toBe(200);
    expect(await read("chunked")).toBe(Buffer.concat(chunks).toString());
  });

  it("may have a trailer, which is signed too", async () => {
    const crc = "x-amz-checksum-crc32:y/U6HA==";
    expect(
      (await send(served.local.url, signChunked("trailed", [Buffer.from("12345")], { trailer: crc }))).status,
    ).toBe(200);
    expect(await read("trailed")).toBe("12345");
    const other = await send(served.local.url, signChunked("trailed", [Buffer.from("12346")], { trailer: crc }));
    expect([other.status, codeOf(other.body)]).toEqual([400, "BadDigest"]);
    const forged = await send(
      served.local.url,
      signChunked("trailed", [Buffer.from("12346")], {
        trailer: crc,
        alter: (body) => body.replace("y/U6HA==", "UvxrpQ=="),
      }),
    );
    expect([forged.status, codeOf(forged.body)]).toEqual([403, "SignatureDoesNotMatch"]);
  });

  it("that was changed on the way is refused, and nothing is kept", async () => {
    const changed = await send(
      served.local.url,
      signChunked("changed", chunks, { alter: (body) => body.replace("bbb", "bxb") }),
    );
    expect([changed.status, codeOf(changed.body)]).toEqual([403, "SignatureDoesNotMatch"]);
    expect(await refusalOf(read("changed"))).toEqual({ code: "NoSuchKey", status: 404 });
  });

  it("whose end is missing is not whole", async () => {
    const cut = await send(served.local.url, signChunked("cut", chunks, { alter: (body) => body.slice(0, 40_000) }));
    expect([cut.status, codeOf(cut.body)]).toEqual([400, "IncompleteBody"]);
  });
});

describe("a body in unsigned chunks", () => {
  const put = (body: string, headers: Record<string, string> = {}) =>
    send(open.local.url, {
      method: "PUT",
      path: `/${Bucket}/u`,
      body,
      headers: {
        "content-length": String(Buffer.byteLength(body)),
        "content-encoding": "aws-chunked",
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": "5",
        ...headers,
      },
    });
  const crc = { "x-amz-trailer": "x-amz-checksum-crc32" };

  it.each([
    ["5\r\n12345\r\n0\r\nx-amz-checksum-crc32:y/U6HA==\r\n\r\n", crc],
    ["5\r\n12345\r\n0\r\nx-amz-checksum-crc32:y/U6HA==\r\n", crc],
    ["5\r\n12345\r\n0\r\n\r\n", {}],
    ["5\r\n12345\r\n0\r\n", {}],
  ])("ends in any of the ways that clients end it: %j", async (body, headers) => {
    expect((await put(body, headers)).status).toBe(200);
    expect((await send(open.local.url, { path: `/${Bucket}/u` })).body).toBe("12345");
  });

  it.each([
    ["a trailer that does not hold", "5\r\n12345\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", crc, "BadDigest"],
    ["a trailer that is missing", "5\r\n12345\r\n0\r\n\r\n", crc, "MalformedTrailerError"],
    ["a trailer that is none", "5\r\n12345\r\n0\r\nnonsense\r\n\r\n", crc, "MalformedTrailerError"],
    ["a size that is none", "xyz\r\n12345\r\n0\r\n\r\n", {}, "IncompleteBody"],
    ["a chunk that is too long", "6\r\n12345\r\n0\r\n\r\n", {}, "IncompleteBody"],
    ["another length than announced", "4\r\n1234\r\n0\r\n\r\n", {}, "IncompleteBody"],
    ["an end that is missing", "5\r\n12345\r\n", {}, "IncompleteBody"],
    ["an unknown trailer", "5\r\n12345\r\n0\r\n\r\n", { "x-amz-trailer": "x-amz-checksum-crc16" }, "InvalidRequest"],
  ])("with %s is refused", async (_said, body, headers, code) => {
    const answer = await put(body, headers);
    expect([answer.status, codeOf(answer.body)]).toEqual([400, code]);
  });

  it("may be small only at the end", async () => {
    const small = "2\r\n12\r\n3\r\n345\r\n0\r\n\r\n";
    expect(codeOf((await put(small)).body)).toBe("InvalidChunkSizeError");
  });

  it("needs its true length", async () => {
    const answer = await send(open.local.url, {
      method: "PUT",
      path: `/${Bucket}/u`,
      headers: { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "transfer-encoding": "chunked" },
      body: "0\r\n\r\n",
    });
    expect([answer.status, codeOf(answer.body)]).toEqual([411, "MissingContentLength"]);
  });

  it("is what the SDK makes of a stream", async () => {
    const stream = new PassThrough();
    const bytes = Buffer.alloc(1_000_000, "stream");
    Readable.from([bytes]).pipe(stream);
    await served.s3.send(
      new PutObjectCommand({ Bucket, Key: "stream", Body: stream, ContentLength: bytes.byteLength }),
    );
    expect(await read("stream")).toBe(bytes.toString());
  });
});

describe("lengths", () => {
  it("must be known beforehand", async () => {
    const chunked = await send(open.local.url, {
      method: "PUT",
      path: `/${Bucket}/k`,
      headers: { "transfer-encoding": "chunked" },
      body: "x",
    });
    expect([chunked.status, codeOf(chunked.body)]).toEqual([501, "NotImplemented"]);
  });

  it("are at most five gigabytes", async () => {
    const answer = await sendRaw(
      open.local.url,
      `PUT /${Bucket}/k HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ${5 * 1024 ** 3 + 1}\r\n\r\n`,
    );
    expect(answer).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*<Code>EntityTooLarge<[\s\S]*<ProposedSize>5368709121<[\s\S]*<MaxSizeAllowed>5368709120</,
    );
  });

  it("that break off leave nothing behind", async () => {
    const { hostname, port } = new URL(open.local.url);
    await new Promise<void>((resolve) => {
      const socket = connect({ host: hostname, port: Number(port) }, () => {
        socket.write(`PUT /${Bucket}/torn HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nonly this`, () =>
          socket.destroy(),
        );
      });
      socket.on("close", () => resolve());
    });
    expect((await send(open.local.url, { path: `/${Bucket}/torn` })).status).toBe(404);
  });
});

/** What comes back for these bytes until the connection goes quiet with a whole answer. */
function sendRaw(url: string, text: string, until: RegExp = /<\/Error>|\r\n\r\n$/): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let seen = "";
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(text));
    socket.on("data", (chunk: Buffer) => {
      seen += chunk.toString();
      if (until.test(seen)) {
        socket.destroy();
        resolve(seen);
      }
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(seen));
  });
}

describe("100 Continue", () => {
  const head = (path: string): string =>
    `PUT ${path} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n`;

  it("is said once the object may come", async () => {
    expect(await sendRaw(open.local.url, head(`/${Bucket}/expected`))).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  });

  it("is not said where the request is refused, and the connection is not used again", async () => {
    const answer = await sendRaw(open.local.url, head("/no-such-bucket/k"));
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer.toLowerCase()).toContain("connection: close");
  });
});

describe("a path", () => {
  it.each(["/%zz", `/${Bucket}/%ff%fe`, `/${Bucket}?prefix=%zz`])(
    "that is not UTF-8 in percent signs is none: %s",
    async (path) => {
      const { status, body } = await send(open.local.url, { path });
      expect([status, codeOf(body)]).toEqual([400, "InvalidURI"]);
    },
  );

  it("may have the bucket in the host", async () => {
    await open.s3.send(new PutObjectCommand({ Bucket, Key: "hosted", Body: "x" }));
    for (const host of [
      `${Bucket}.localhost:1234`,
      `${Bucket}.s3.localhost`,
      `${Bucket}.s3.us-east-1.localhost`,
      `${Bucket}.s3.amazonaws.com`,
      `${Bucket}.s3.eu-west-1.amazonaws.com`,
    ]) {
      expect((await send(open.local.url, { path: "/hosted", headers: { host } })).body).toBe("x");
    }
  });
});

describe("nobody", () => {
  const withoutName = (path: string, method = "GET") => send(served.local.url, { path, method });

  it("is let in to nothing that is not opened to everyone", async () => {
    await served.s3.send(new PutObjectCommand({ Bucket, Key: "closed", Body: "x" }));
    for (const path of ["/", `/${Bucket}`, `/${Bucket}/closed`, `/${Bucket}/none`, `/${Bucket}?location`]) {
      const { status, body } = await withoutName(path);
      expect([path, status, codeOf(body)]).toEqual([path, 403, "AccessDenied"]);
    }
    expect((await withoutName(`/${Bucket}/new`, "PUT")).status).toBe(403);
    expect(codeOf((await withoutName("/no-such-bucket")).body)).toBe("NoSuchBucket");
  });

  it("is the local user where signatures are not verified", async () => {
    expect((await send(open.local.url, { path: `/${Bucket}?list-type=2` })).status).toBe(200);
  });

  it("may do what a list or a policy says everyone may", async () => {
    const {
      CreateBucketCommand: Create,
      DeletePublicAccessBlockCommand,
      PutBucketPolicyCommand,
    } = await import("@aws-sdk/client-s3");
    await served.s3.send(new Create({ Bucket: "public", ObjectOwnership: "ObjectWriter" }));
    await served.s3.send(new DeletePublicAccessBlockCommand({ Bucket: "public" }));
    await served.s3.send(new PutObjectCommand({ Bucket: "public", Key: "shown", Body: "x", ACL: "public-read" }));
    await served.s3.send(new PutObjectCommand({ Bucket: "public", Key: "policy/a", Body: "y" }));
    expect((await withoutName("/public/shown")).body).toBe("x");
    expect((await withoutName("/public/policy/a")).status).toBe(403);
    const Statement = [
      { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::public/policy/*" },
    ];
    await served.s3.send(
      new PutBucketPolicyCommand({ Bucket: "public", Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }),
    );
    expect((await withoutName("/public/policy/a")).body).toBe("y");
    expect((await withoutName("/public/policy/a?response-content-type=a%2Fb")).status).toBe(400);
    expect((await withoutName("/public")).status).toBe(403);
  });
});

describe("an answer", () => {
  it("carries its ids, in headers and in an error", async () => {
    const { headers, body } = await send(open.local.url, { path: `/${Bucket}/none` });
    expect(headers["x-amz-request-id"]).toMatch(/^[0-9A-F]{16}$/);
    expect(body).toContain(
      `<RequestId>${String(headers["x-amz-request-id"])}</RequestId><HostId>${String(headers["x-amz-id-2"])}</HostId>`,
    );
    expect(body).toContain("<Key>none</Key>");
    expect([headers["content-type"], headers["server"]]).toEqual(["application/xml", "AmazonS3"]);
  });

  it("to HEAD has no body, but the length", async () => {
    await open.s3.send(new PutObjectCommand({ Bucket, Key: "length", Body: "12345" }));
    const { headers, body } = await send(open.local.url, { method: "HEAD", path: `/${Bucket}/length` });
    expect([headers["content-length"], body]).toEqual(["5", ""]);
    expect((await send(open.local.url, { method: "HEAD", path: `/${Bucket}/none` })).body).toBe("");
  });

  it("may be told how to call itself", async () => {
    const query =
      "response-cache-control=no-cache&response-content-disposition=bla&response-content-encoding=aaa&response-content-language=esperanto&response-content-type=foo%2Fbar&response-expires=123";
    const { headers } = await send(open.local.url, { path: `/${Bucket}/length?${query}` });
    expect(headers).toMatchObject({
      "cache-control": "no-cache",
      "content-disposition": "bla",
      "content-encoding": "aaa",
      "content-language": "esperanto",
      "content-type": "foo/bar",
      expires: "123",
    });
  });
});

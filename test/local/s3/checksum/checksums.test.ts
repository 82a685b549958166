import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import {
  ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { algorithmNames, algorithms } from "../../../../src/local/s3/checksum/algorithms.ts";
import { combineCrcs, isCombinable } from "../../../../src/local/s3/checksum/combine.ts";
import { refusalOf, type Served, send, serve } from "../../served.ts";

const hex = (name: (typeof algorithmNames)[number], bytes: Buffer): string => {
  const running = algorithms[name].make();
  running.update(bytes);
  return Buffer.from(running.digest(), "base64").toString("hex");
};

describe("a checksum", () => {
  // The check values of the catalogue of CRC algorithms: what "123456789" gives.
  it.each([
    ["CRC32", "cbf43926"],
    ["CRC32C", "e3069283"],
    ["CRC64NVME", "ae8b14860a799888"],
  ] as const)("%s of 123456789 is %s", (name, value) => {
    expect(hex(name, Buffer.from("123456789"))).toBe(value);
  });

  it("of the SHA family is Node's own", () => {
    const bytes = randomBytes(1000);
    expect(hex("SHA1", bytes)).toBe(createHash("sha1").update(bytes).digest("hex"));
    expect(hex("SHA256", bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
  });

  it.each(algorithmNames)("%s is the same however the bytes are cut", (name) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
        const running = algorithms[name].make();
        running.update(bytes.subarray(0, cut));
        running.update(bytes.subarray(cut));
        expect(Buffer.from(running.digest(), "base64").toString("hex")).toBe(hex(name, Buffer.from(bytes)));
      }),
    );
  });

  it.each(algorithmNames.filter(isCombinable))("%s of a whole comes from those of its parts", (name) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { minLength: 1, maxLength: 6 }), (parts) => {
        const values = parts.map((part) => ({
          value: Buffer.from(hex(name, Buffer.from(part)), "hex").toString("base64"),
          sizeBytes: part.byteLength,
        }));
        expect(Buffer.from(combineCrcs(name, values), "base64").toString("hex")).toBe(hex(name, Buffer.concat(parts)));
      }),
    );
  });
});

const Bucket = "checksums";
let served: Served;
beforeAll(async () => {
  served = await serve({ verifySignatures: false });
  await served.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => served.close());

const encode = (name: (typeof algorithmNames)[number], bytes: string): string =>
  Buffer.from(hex(name, Buffer.from(bytes)), "hex").toString("base64");
const put = (headers: Record<string, string>, body = "hello") =>
  send(served.local.url, {
    method: "PUT",
    path: `/${Bucket}/raw`,
    headers: { "content-length": String(body.length), ...headers },
    body,
  });
const codeOf = (body: string): string | undefined => /<Code>(\w+)</.exec(body)?.[1];

describe("an upload", () => {
  it.each(algorithmNames)("with %s is checked against it, keeps it, and gives it back", async (name) => {
    const { header } = algorithms[name];
    const right = await put({ [header]: encode(name, "hello") });
    expect([right.status, right.headers[header], right.headers["x-amz-checksum-type"]]).toEqual([
      200,
      encode(name, "hello"),
      "FULL_OBJECT",
    ]);
    const head = await send(served.local.url, {
      method: "HEAD",
      path: `/${Bucket}/raw`,
      headers: { "x-amz-checksum-mode": "ENABLED" },
    });
    expect(head.headers[header]).toBe(encode(name, "hello"));
    const unasked = await send(served.local.url, { method: "HEAD", path: `/${Bucket}/raw` });
    expect(unasked.headers[header]).toBeUndefined();
    const wrong = await put({ [header]: encode(name, "other") });
    expect([wrong.status, codeOf(wrong.body)]).toEqual([400, "BadDigest"]);
    const none = await put({ [header]: "bm8=" });
    expect([none.status, codeOf(none.body)]).toEqual([400, "InvalidRequest"]);
  });

  it("without any gets S3's own", async () => {
    expect((await put({})).headers["x-amz-checksum-crc64nvme"]).toBe(encode("CRC64NVME", "hello"));
  });

  it("with two is refused, and so is a name without a value", async () => {
    const two = await put({
      "x-amz-checksum-crc32": encode("CRC32", "hello"),
      "x-amz-checksum-sha1": encode("SHA1", "hello"),
    });
    expect([two.status, codeOf(two.body)]).toEqual([400, "InvalidRequest"]);
    const named = await put({ "x-amz-sdk-checksum-algorithm": "CRC32" });
    expect([named.status, codeOf(named.body)]).toEqual([400, "InvalidRequest"]);
  });

  it("is checked against its md5 and its SHA-256", async () => {
    const md5 = (text: string): string => createHash("md5").update(text).digest("base64");
    const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
    expect((await put({ "content-md5": md5("hello"), "x-amz-content-sha256": sha256("hello") })).status).toBe(200);
    expect(codeOf((await put({ "content-md5": md5("other") })).body)).toBe("BadDigest");
    expect(codeOf((await put({ "content-md5": "YWJyYWNhZGFicmE=" })).body)).toBe("InvalidDigest");
    expect(codeOf((await put({ "content-md5": "" })).body)).toBe("InvalidDigest");
    expect(codeOf((await put({ "x-amz-content-sha256": sha256("other") })).body)).toBe("XAmzContentSHA256Mismatch");
  });

  it("that does not hold leaves what was there", async () => {
    await put({}, "first");
    expect((await put({ "x-amz-checksum-crc32": encode("CRC32", "other") }, "second")).status).toBe(400);
    expect((await send(served.local.url, { path: `/${Bucket}/raw` })).body).toBe("first");
  });

  it.each(Object.values(ChecksumAlgorithm).filter((name) => ["CRC32", "CRC32C", "SHA1", "SHA256"].includes(name)))(
    "through the SDK with %s is verified on the way back",
    async (ChecksumAlgorithm) => {
      await served.s3.send(new PutObjectCommand({ Bucket, Key: "sdk", Body: "hello", ChecksumAlgorithm }));
      const got = await served.s3.send(new GetObjectCommand({ Bucket, Key: "sdk", ChecksumMode: "ENABLED" }));
      expect(await got.Body?.transformToString()).toBe("hello");
    },
  );
});

describe("an upload in parts", () => {
  const bodies = [Buffer.alloc(5 * 1024 * 1024, "a"), Buffer.from("tail")];
  const kinds: [algorithm: "CRC32" | "SHA256" | "CRC32C" | "SHA1", type: "COMPOSITE" | "FULL_OBJECT"][] = [
    ["CRC32", "COMPOSITE"],
    ["CRC32", "FULL_OBJECT"],
    ["CRC32C", "FULL_OBJECT"],
    ["SHA1", "COMPOSITE"],
    ["SHA256", "COMPOSITE"],
  ];
  const upload = async (more: Partial<CreateMultipartUploadCommandInput>) => {
    const { UploadId } = await served.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "parts", ...more }));
    const parts = [];
    for (const [index, Body] of bodies.entries()) {
      const { $metadata: _, ...part } = await served.s3.send(
        new UploadPartCommand({
          Bucket,
          Key: "parts",
          UploadId,
          PartNumber: index + 1,
          Body,
          ChecksumAlgorithm: more.ChecksumAlgorithm,
        }),
      );
      parts.push({ ...part, PartNumber: index + 1 });
    }
    return { UploadId, parts };
  };

  it.each(kinds)("with %s, %s, has the checksum of that kind", async (ChecksumAlgorithm, ChecksumType) => {
    const { UploadId, parts } = await upload({ ChecksumAlgorithm, ChecksumType });
    const Parts = parts.map(({ ETag, PartNumber, ...rest }) => ({
      ETag,
      PartNumber,
      [`Checksum${ChecksumAlgorithm}`]: rest[`Checksum${ChecksumAlgorithm}`],
    }));
    const done = await served.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: "parts", UploadId, MultipartUpload: { Parts } }),
    );
    const expected =
      ChecksumType === "FULL_OBJECT"
        ? Buffer.from(hex(ChecksumAlgorithm, Buffer.concat(bodies)), "hex").toString("base64")
        : `${Buffer.from(hex(ChecksumAlgorithm, Buffer.concat(bodies.map((body) => Buffer.from(hex(ChecksumAlgorithm, body), "hex")))), "hex").toString("base64")}-2`;
    expect([done.ChecksumType, done[`Checksum${ChecksumAlgorithm}`]]).toEqual([ChecksumType, expected]);
    const head = await served.s3.send(new HeadObjectCommand({ Bucket, Key: "parts", ChecksumMode: "ENABLED" }));
    expect([head.ChecksumType, head[`Checksum${ChecksumAlgorithm}`]]).toEqual([ChecksumType, expected]);
    const told = await served.s3.send(
      new GetObjectAttributesCommand({ Bucket, Key: "parts", ObjectAttributes: ["ObjectParts", "Checksum"] }),
    );
    expect(told.ObjectParts?.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([1, 2]);
  });

  it("without an algorithm gets S3's own over the whole, whatever its parts brought", async () => {
    const { UploadId, parts } = await upload({});
    const Parts = parts.map(({ ETag, PartNumber }) => ({ ETag, PartNumber }));
    const done = await served.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: "parts", UploadId, MultipartUpload: { Parts } }),
    );
    expect([done.ChecksumType, done.ChecksumCRC64NVME]).toEqual([
      "FULL_OBJECT",
      Buffer.from(hex("CRC64NVME", Buffer.concat(bodies)), "hex").toString("base64"),
    ]);
  });

  it("whose parts must bring a checksum misses those that do not", async () => {
    const { UploadId, parts } = await upload({ ChecksumAlgorithm: "SHA256" });
    const Parts = parts.map(({ ETag, PartNumber }) => ({ ETag, PartNumber }));
    expect(
      await refusalOf(
        served.s3.send(
          new CompleteMultipartUploadCommand({ Bucket, Key: "parts", UploadId, MultipartUpload: { Parts } }),
        ),
      ),
    ).toEqual({ code: "InvalidRequest", status: 400 });
    const other = served.s3.send(
      new UploadPartCommand({ Bucket, Key: "parts", UploadId, PartNumber: 1, Body: "x", ChecksumAlgorithm: "CRC32" }),
    );
    expect(await refusalOf(other)).toEqual({ code: "InvalidRequest", status: 400 });
  });

  it.each([
    ["CRC64NVME", "COMPOSITE"],
    ["SHA1", "FULL_OBJECT"],
    ["SHA256", "FULL_OBJECT"],
  ] as const)("cannot have %s of the kind %s", async (ChecksumAlgorithm, ChecksumType) => {
    const made = served.s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key: "parts", ChecksumAlgorithm, ChecksumType }),
    );
    expect(await refusalOf(made)).toEqual({ code: "InvalidRequest", status: 400 });
  });

  it("refuses a checksum of the whole that is not its own", async () => {
    const { UploadId, parts } = await upload({ ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const MultipartUpload = { Parts: parts.map(({ ETag, PartNumber }) => ({ ETag, PartNumber })) };
    const complete = (ChecksumCRC32: string) =>
      refusalOf(
        served.s3.send(
          new CompleteMultipartUploadCommand({
            Bucket,
            Key: "parts",
            UploadId,
            MultipartUpload,
            ChecksumCRC32,
            ChecksumType: "FULL_OBJECT",
          }),
        ),
      );
    expect(await complete("AAAAAA==")).toEqual({ code: "BadDigest", status: 400 });
    const whole = Buffer.alloc(4);
    whole.writeUInt32BE(crc32(Buffer.concat(bodies)));
    expect(await complete(whole.toString("base64"))).toBeUndefined();
  });
});

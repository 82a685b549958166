/** What newer clients and careful readers of answers look at, as bytes on the wire. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RawAnswer, type Served, send, serve } from "../served.ts";

let served: Served;
const ask = (method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<RawAnswer> => {
  // Bytes: beside a text Node writes the headers in UTF-8.
  const bytes = Buffer.from(body);
  const all = { "content-length": String(bytes.byteLength), ...headers };
  return send(served.local.url, { method, path, headers: all, body: bytes });
};
const tagging = (key: string): string =>
  `<Tagging><TagSet><Tag><Key>${key}</Key><Value>v</Value></Tag></TagSet></Tagging>`;

beforeAll(async () => {
  served = await serve({ verifySignatures: false });
  await ask("PUT", "/details");
  await ask("PUT", "/details/a", {}, "hello");
});
afterAll(() => served.close());

describe("a refusal", () => {
  const cases: Record<string, [() => Promise<RawAnswer>, number, string, string]> = {
    "a checksum of other bytes": [
      () => ask("PUT", "/details/x", { "x-amz-checksum-crc32": "AAAAAA==" }, "hello"),
      400,
      "BadDigest",
      "The CRC32 you specified did not match the calculated checksum.",
    ],
    "a checksum that is none": [
      () => ask("PUT", "/details/x", { "x-amz-checksum-crc32": "odd" }, "hello"),
      400,
      "InvalidRequest",
      "Value for x-amz-checksum-crc32 header is invalid.",
    ],
    "part number 0": [
      () => ask("PUT", "/details/x?uploadId=u&partNumber=0", {}, "hello"),
      400,
      "InvalidArgument",
      "Part number must be an integer between 1 and 10000, inclusive",
    ],
    "part number 10001": [
      () => ask("PUT", "/details/x?uploadId=u&partNumber=10001", {}, "hello"),
      400,
      "InvalidArgument",
      "Part number must be an integer between 1 and 10000, inclusive",
    ],
    "a part to read that cannot be": [
      () => ask("GET", "/details/a?partNumber=10001"),
      400,
      "InvalidArgument",
      "Part number must be an integer between 1 and 10000, inclusive",
    ],
    "an object's tag of AWS": [
      () => ask("PUT", "/details/a?tagging", {}, tagging("aws:x")),
      400,
      "InvalidTag",
      "Your TagKey cannot be prefixed with aws:",
    ],
    "the same in a header": [
      () => ask("PUT", "/details/x", { "x-amz-tagging": "aws:x=1" }, "hello"),
      400,
      "InvalidTag",
      "Your TagKey cannot be prefixed with aws:",
    ],
    "a bucket's tag of AWS": [
      () => ask("PUT", "/details?tagging", {}, tagging("aws:x")),
      400,
      "InvalidTag",
      "System tags cannot be added/updated by requester",
    ],
    "a plain body in chunks": [
      () =>
        send(served.local.url, {
          method: "PUT",
          path: "/details/x",
          headers: { "transfer-encoding": "chunked" },
          body: "x",
        }),
      501,
      "NotImplemented",
      "A header you provided implies functionality that is not implemented",
    ],
    "a region that is not this endpoint's": [
      () =>
        ask(
          "PUT",
          "/far",
          {
            authorization:
              "AWS4-HMAC-SHA256 Credential=test/20261130/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=00",
            "x-amz-date": "20261130T000000Z",
          },
          "<CreateBucketConfiguration><LocationConstraint>eu-west-2</LocationConstraint></CreateBucketConfiguration>",
        ),
      400,
      "IllegalLocationConstraintException",
      "The eu-west-2 location constraint is incompatible for the region specific endpoint this request was sent to.",
    ],
    "a method": [
      () => ask("POST", "/details/a"),
      405,
      "MethodNotAllowed",
      "The specified method is not allowed against this resource.",
    ],
  };
  for (const [what, [call, status, code, message]] of Object.entries(cases)) {
    it(`of ${what} has AWS's words, and no Resource`, async () => {
      const answer = await call();
      expect([answer.status, /<Code>(.*)<\/Code><Message>(.*?)<\/Message>/.exec(answer.body)?.slice(1)]).toEqual([
        status,
        [code, message],
      ]);
      expect(answer.body).not.toContain("<Resource>");
    });
  }
});

describe("an answer", () => {
  it("gives metadata that is not ASCII as RFC 2047 has it: the example of AWS's page", async () => {
    const value = Buffer.from("ÄMÄZÕÑ S3", "utf8").toString("latin1");
    await ask("PUT", "/details/meta", { "x-amz-meta-nonascii": value, "x-amz-meta-ascii": "AMAZONS3" }, "x");
    const { headers } = await ask("HEAD", "/details/meta");
    expect([headers["x-amz-meta-nonascii"], headers["x-amz-meta-ascii"]]).toEqual([
      "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=",
      "AMAZONS3",
    ]);
  });

  it("says the type of each checksum, of what kind ever", async () => {
    expect((await ask("PUT", "/details/sum", {}, "x")).headers["x-amz-checksum-type"]).toBe("FULL_OBJECT");
    const read = await ask("HEAD", "/details/sum", { "x-amz-checksum-mode": "ENABLED" });
    expect(read.headers["x-amz-checksum-type"]).toBe("FULL_OBJECT");
    for (const path of ["/details?list-type=2", "/details?versions", "/details"])
      expect((await ask("GET", path)).body, path).toContain("<ChecksumType>FULL_OBJECT</ChecksumType>");
  });

  it("takes aws-chunked bodies that are sent in chunks", async () => {
    const headers = {
      "transfer-encoding": "chunked",
      "content-encoding": "aws-chunked",
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "5",
      "x-amz-trailer": "x-amz-checksum-crc32",
    };
    const body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    expect((await send(served.local.url, { method: "PUT", path: "/details/chunked", headers, body })).status).toBe(200);
    expect((await ask("GET", "/details/chunked")).body).toBe("hello");
  });

  it("names buckets by ARN, owners without display name, and what was listed last of open uploads", async () => {
    const buckets = (await ask("GET", "/")).body;
    expect(buckets).toContain("<BucketArn>arn:aws:s3:::details</BucketArn>");
    expect(buckets).not.toContain("DisplayName");
    const [, id = ""] = /<UploadId>(.*)<\/UploadId>/.exec((await ask("POST", "/details/up?uploads")).body) ?? [];
    const { body } = await ask("GET", "/details?uploads");
    for (const part of [
      "<KeyMarker></KeyMarker>",
      "<UploadIdMarker></UploadIdMarker>",
      "<NextKeyMarker>up</NextKeyMarker>",
      `<NextUploadIdMarker>${id}</NextUploadIdMarker>`,
      "<IsTruncated>false</IsTruncated>",
    ])
      expect(body).toContain(part);
  });
});

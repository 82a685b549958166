/** Which web pages may use the bucket; nothing acts on it. */
import { children } from "../../wire/xml.ts";
import { toBucket } from "../access/rights.ts";
import { keepAs, readSetting, removeSetting, type Setting, writeSetting } from "../buckets/setting.ts";
import { S3Error } from "../errors.ts";
import { kept } from "../note-words.ts";
import { defineOperation } from "../operation.ts";

const methods = ["GET", "PUT", "POST", "DELETE", "HEAD"];

const checkCors = keepAs((root) => {
  const rules = children(root, "CORSRule");
  if (rules.length === 0 || rules.length > 100) throw new S3Error("MalformedXML");
  for (const rule of rules) {
    const allowed = children(rule, "AllowedMethod").map(({ text }) => text);
    if (allowed.length === 0 || children(rule, "AllowedOrigin").length === 0) throw new S3Error("MalformedXML");
    const stranger = allowed.find((method) => !methods.includes(method));
    if (stranger === undefined) continue;
    throw new S3Error("InvalidRequest", {
      message: `Found unsupported HTTP method in CORS config. Unsupported method is ${stranger}`,
    });
  }
});

const cors: Setting = {
  name: "cors",
  root: "CORSConfiguration",
  missing: { error: "NoSuchCORSConfiguration" },
  check: checkCors,
};

export const getBucketCors = defineOperation({
  name: "GetBucketCors",
  wire: { method: "GET", level: "bucket", query: ["cors"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketCORS"),
  notes: { served: "as it was put" },
  act: readSetting(cors),
});

export const putBucketCors = defineOperation({
  name: "PutBucketCors",
  wire: { method: "PUT", level: "bucket", query: ["cors"] },
  input: { type: "xml", root: "CORSConfiguration" },
  rights: toBucket("s3:PutBucketCORS"),
  notes: { served: kept, checked: "methods, origins" },
  act: writeSetting(cors),
});

export const deleteBucketCors = defineOperation({
  name: "DeleteBucketCors",
  wire: { method: "DELETE", level: "bucket", query: ["cors"] },
  input: { type: "none" },
  rights: toBucket("s3:PutBucketCORS"),
  notes: { served: "yes" },
  act: removeSetting(cors),
});

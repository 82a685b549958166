/** The encryption that new objects get; nothing is encrypted here. */
import { children, childText } from "../../wire/xml.ts";
import { toBucket } from "../access/rights.ts";
import {
  keepAs,
  readSetting,
  removeSetting,
  type Setting,
  writeSetting,
  writeSettingDocument,
} from "../buckets/setting.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";

const checkEncryption = keepAs((root) => {
  const rules = children(root, "Rule");
  if (rules.length !== 1) throw new S3Error("MalformedXML");
  const applied = children(rules[0] ?? root, "ApplyServerSideEncryptionByDefault")[0];
  const algorithm = applied === undefined ? undefined : childText(applied, "SSEAlgorithm");
  if (applied === undefined || !["AES256", "aws:kms", "aws:kms:dsse"].includes(algorithm ?? ""))
    throw new S3Error("MalformedXML");
  if (algorithm === "AES256" && children(applied, "KMSMasterKeyID").length > 0) {
    throw new S3Error("InvalidArgument", {
      message: "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
    });
  }
});

const encryption: Setting = {
  name: "encryption",
  root: "ServerSideEncryptionConfiguration",
  // Every bucket has been encrypted with S3's own keys since January 2023.
  missing: {
    document: writeSettingDocument(
      "ServerSideEncryptionConfiguration",
      "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>",
    ),
  },
  check: checkEncryption,
};

export const getBucketEncryption = defineOperation({
  name: "GetBucketEncryption",
  wire: { method: "GET", level: "bucket", query: ["encryption"] },
  input: { type: "none" },
  rights: toBucket("s3:GetEncryptionConfiguration"),
  notes: { served: "as it was put; AES256 before" },
  act: readSetting(encryption),
});

export const putBucketEncryption = defineOperation({
  name: "PutBucketEncryption",
  wire: { method: "PUT", level: "bucket", query: ["encryption"] },
  input: { type: "xml", root: "ServerSideEncryptionConfiguration" },
  rights: toBucket("s3:PutEncryptionConfiguration"),
  notes: {
    served: "kept; new objects say that they have it",
    checked: "algorithm and key",
    differs: "nothing is encrypted",
  },
  act: writeSetting(encryption),
});

export const deleteBucketEncryption = defineOperation({
  name: "DeleteBucketEncryption",
  wire: { method: "DELETE", level: "bucket", query: ["encryption"] },
  input: { type: "none" },
  rights: toBucket("s3:PutEncryptionConfiguration"),
  notes: { served: "back to S3's own keys" },
  act: removeSetting(encryption),
});

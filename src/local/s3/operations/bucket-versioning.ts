/** Whether a bucket keeps versions. */
import { childText, type XmlNode } from "../../wire/xml.ts";
import { toBucket } from "../access/rights.ts";
import { readSetting, type Setting, writeSetting, writeSettingDocument } from "../buckets/setting.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";

/** Removing with a second factor needs one: not built, and not to be overlooked. */
function checkVersioning(root: XmlNode): XmlNode {
  const status = childText(root, "Status")?.trim();
  if (status === undefined) throw new S3Error("IllegalVersioningConfigurationException");
  if (status !== "Enabled" && status !== "Suspended") throw new S3Error("MalformedXML");
  if (childText(root, "MfaDelete")?.trim() === "Enabled")
    throw new S3Error("NotImplemented", { details: { Header: "x-amz-mfa" } });
  return { text: "", children: new Map([["Status", [{ text: status, children: new Map<string, XmlNode[]>() }]]]) };
}

const versioning: Setting = {
  name: "versioning",
  root: "VersioningConfiguration",
  missing: { document: writeSettingDocument("VersioningConfiguration") },
  check: checkVersioning,
};

export const getBucketVersioning = defineOperation({
  name: "GetBucketVersioning",
  wire: { method: "GET", level: "bucket", query: ["versioning"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketVersioning"),
  notes: { served: "as it was put" },
  act: readSetting(versioning),
});

export const putBucketVersioning = defineOperation({
  name: "PutBucketVersioning",
  wire: { method: "PUT", level: "bucket", query: ["versioning"] },
  input: { type: "xml", root: "VersioningConfiguration" },
  rights: toBucket("s3:PutBucketVersioning"),
  notes: {
    served: "enabled and suspended; acted upon by every read, write and removal",
    checked: "the two values",
    notBuilt: "MFA delete",
  },
  act: writeSetting(versioning),
});

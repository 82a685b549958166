/** What is kept from the public, whatever lists and policies say. */
import { childText, type XmlNode } from "../../wire/xml.ts";
import { publicAccessFlags } from "../access/public-access.ts";
import { toBucket } from "../access/rights.ts";
import { readSetting, removeSetting, type Setting, writeSetting } from "../buckets/setting.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";

/** What is left out is false. */
function checkPublicAccessBlock(root: XmlNode): XmlNode {
  const values = publicAccessFlags.map(
    (name) => [name, (childText(root, name) ?? "false").trim().toLowerCase()] as const,
  );
  if (values.some(([, value]) => value !== "true" && value !== "false")) throw new S3Error("MalformedXML");
  return {
    text: "",
    children: new Map(values.map(([name, value]) => [name, [{ text: value, children: new Map<string, XmlNode[]>() }]])),
  };
}

const publicAccessBlock: Setting = {
  name: "publicAccessBlock",
  root: "PublicAccessBlockConfiguration",
  missing: { error: "NoSuchPublicAccessBlockConfiguration" },
  check: checkPublicAccessBlock,
};

export const getPublicAccessBlock = defineOperation({
  name: "GetPublicAccessBlock",
  wire: { method: "GET", level: "bucket", query: ["publicAccessBlock"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketPublicAccessBlock"),
  notes: { served: "as it was put; everything blocked before" },
  act: readSetting(publicAccessBlock),
});

export const putPublicAccessBlock = defineOperation({
  name: "PutPublicAccessBlock",
  wire: { method: "PUT", level: "bucket", query: ["publicAccessBlock"] },
  input: { type: "xml", root: "PublicAccessBlockConfiguration" },
  rights: toBucket("s3:PutBucketPublicAccessBlock"),
  notes: { served: "kept; asked of callers without a name and of public policies" },
  act: writeSetting(publicAccessBlock),
});

export const deletePublicAccessBlock = defineOperation({
  name: "DeletePublicAccessBlock",
  wire: { method: "DELETE", level: "bucket", query: ["publicAccessBlock"] },
  input: { type: "none" },
  rights: toBucket("s3:PutBucketPublicAccessBlock"),
  notes: { served: "yes" },
  act: removeSetting(publicAccessBlock),
});

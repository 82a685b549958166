/** Who owns what others put, and whether lists are taken. */
import { children, childText } from "../../wire/xml.ts";
import { toBucket } from "../access/rights.ts";
import { keepAs, readSetting, removeSetting, type Setting, writeSetting } from "../buckets/setting.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";

const ownerships = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];

const checkOwnership = keepAs((root) => {
  const rules = children(root, "Rule");
  if (rules.length !== 1 || rules[0] === undefined) throw new S3Error("MalformedXML");
  if (!ownerships.includes(childText(rules[0], "ObjectOwnership") ?? "")) throw new S3Error("MalformedXML");
});

const ownershipControls: Setting = {
  name: "ownershipControls",
  root: "OwnershipControls",
  missing: { error: "OwnershipControlsNotFoundError" },
  check: checkOwnership,
};

export const getBucketOwnershipControls = defineOperation({
  name: "GetBucketOwnershipControls",
  wire: { method: "GET", level: "bucket", query: ["ownershipControls"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketOwnershipControls"),
  notes: { served: "as it was put; BucketOwnerEnforced before" },
  act: readSetting(ownershipControls),
});

export const putBucketOwnershipControls = defineOperation({
  name: "PutBucketOwnershipControls",
  wire: { method: "PUT", level: "bucket", query: ["ownershipControls"] },
  input: { type: "xml", root: "OwnershipControls" },
  rights: toBucket("s3:PutBucketOwnershipControls"),
  notes: { served: "kept; it decides whether ACLs are taken", checked: "the three values" },
  act: writeSetting(ownershipControls),
});

export const deleteBucketOwnershipControls = defineOperation({
  name: "DeleteBucketOwnershipControls",
  wire: { method: "DELETE", level: "bucket", query: ["ownershipControls"] },
  input: { type: "none" },
  rights: toBucket("s3:PutBucketOwnershipControls"),
  notes: { served: "yes" },
  act: removeSetting(ownershipControls),
});

/** Tags of a bucket. */

import { toBucket } from "../access/rights.ts";
import { keepAs, readSetting, removeSetting, type Setting, writeSetting } from "../buckets/setting.ts";
import { kept } from "../note-words.ts";
import { defineOperation } from "../operation.ts";
import { readTagSet } from "../tags.ts";

const tagging: Setting = {
  name: "tagging",
  root: "Tagging",
  missing: { error: "NoSuchTagSet" },
  check: keepAs((root) => void readTagSet(root, 50)),
};

export const getBucketTagging = defineOperation({
  name: "GetBucketTagging",
  wire: { method: "GET", level: "bucket", query: ["tagging"] },
  input: { type: "none" },
  rights: toBucket("s3:GetBucketTagging"),
  notes: { served: "as it was put" },
  act: readSetting(tagging),
});

export const putBucketTagging = defineOperation({
  name: "PutBucketTagging",
  wire: { method: "PUT", level: "bucket", query: ["tagging"] },
  input: { type: "xml", root: "Tagging" },
  rights: toBucket("s3:PutBucketTagging"),
  notes: { served: kept, checked: "keys, values, 50 of them" },
  act: writeSetting(tagging, 204),
});

export const deleteBucketTagging = defineOperation({
  name: "DeleteBucketTagging",
  wire: { method: "DELETE", level: "bucket", query: ["tagging"] },
  input: { type: "none" },
  rights: toBucket("s3:PutBucketTagging"),
  notes: { served: "yes" },
  act: removeSetting(tagging),
});

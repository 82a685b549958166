/** Rules for what expires when; nothing acts on them. */

import { toBucket } from "../access/rights.ts";
import { checkLifecycle } from "../buckets/lifecycle.ts";
import { readSetting, removeSetting, type Setting, writeSetting } from "../buckets/setting.ts";
import { kept } from "../note-words.ts";
import { defineOperation } from "../operation.ts";

const lifecycle: Setting = {
  name: "lifecycle",
  root: "LifecycleConfiguration",
  missing: { error: "NoSuchLifecycleConfiguration" },
  check: checkLifecycle,
};

export const getBucketLifecycleConfiguration = defineOperation({
  name: "GetBucketLifecycleConfiguration",
  wire: { method: "GET", level: "bucket", query: ["lifecycle"] },
  input: { type: "none" },
  rights: toBucket("s3:GetLifecycleConfiguration"),
  notes: { served: "as it was put, rules without a name get one" },
  act: readSetting(lifecycle),
});

export const putBucketLifecycleConfiguration = defineOperation({
  name: "PutBucketLifecycleConfiguration",
  wire: { method: "PUT", level: "bucket", query: ["lifecycle"] },
  input: { type: "xml", root: "LifecycleConfiguration" },
  rights: toBucket("s3:PutLifecycleConfiguration"),
  notes: { served: kept, checked: "names, status, actions, days, dates" },
  act: writeSetting(lifecycle),
});

export const deleteBucketLifecycle = defineOperation({
  name: "DeleteBucketLifecycle",
  wire: { method: "DELETE", level: "bucket", query: ["lifecycle"] },
  input: { type: "none" },
  rights: toBucket("s3:PutLifecycleConfiguration"),
  notes: { served: "yes" },
  act: removeSetting(lifecycle),
});

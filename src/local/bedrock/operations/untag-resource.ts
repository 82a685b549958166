/** UntagResource: takes tags from a job. */

import { defineOperation } from "../operation.ts";
import { toTagged } from "../rights.ts";
import { taggableArn, tagKey } from "../shapes.ts";
import { getTagged } from "../tags.ts";

export const untagResource = defineOperation({
  name: "UntagResource",
  wire: { method: "POST", path: "/untagResource" },
  input: {
    type: "structure",
    members: {
      resourceARN: { shape: taggableArn, required: true },
      tagKeys: { shape: { type: "list", min: 0, max: 200, of: tagKey }, required: true },
    },
  },
  rights: toTagged("bedrock:UntagResource"),
  notes: {
    served: "takes tags from a job; a key that it does not have is no error",
    notBuilt: "tags of anything else",
  },
  async act({ resourceARN, tagKeys }, { store }) {
    const job = getTagged(resourceARN, store.jobs);
    job.tags = job.tags.filter(({ key }) => !tagKeys.includes(key));
    await store.keep(job);
    return undefined;
  },
});

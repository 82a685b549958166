/** UntagResource: takes tags from a job or application profile. */

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
    served: "takes tags from a job or application profile; a key that it does not have is no error",
    notBuilt: "tags of anything else",
  },
  async act({ resourceARN, tagKeys }, context) {
    const tagged = getTagged(resourceARN, context);
    await tagged.save(tagged.tags.filter(({ key }) => !tagKeys.includes(key)));
    return undefined;
  },
});

/** TagResource: puts tags on a job or application profile. */

import { defineOperation } from "../operation.ts";
import { toTagged } from "../rights.ts";
import { taggableArn, tagList } from "../shapes.ts";
import { checkTagCount, getTagged, mergeTags } from "../tags.ts";

export const tagResource = defineOperation({
  name: "TagResource",
  wire: { method: "POST", path: "/tagResource" },
  input: {
    type: "structure",
    members: { resourceARN: { shape: taggableArn, required: true }, tags: { shape: tagList, required: true } },
  },
  rights: toTagged("bedrock:TagResource"),
  notes: {
    served: "puts tags on a job or application profile; a key has one value, the last",
    checked: "50 tags on a resource",
    notBuilt: "tags of anything else",
  },
  async act({ resourceARN, tags }, context) {
    const tagged = getTagged(resourceARN, context);
    const merged = mergeTags(tagged.tags, tags);
    checkTagCount(merged, resourceARN);
    await tagged.save(merged);
    return undefined;
  },
});

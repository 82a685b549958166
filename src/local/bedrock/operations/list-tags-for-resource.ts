/** ListTagsForResource: the tags of a job or application profile. Neither Get nor List shows them. */

import { defineOperation } from "../operation.ts";
import { toTagged } from "../rights.ts";
import { taggableArn } from "../shapes.ts";
import { getTagged } from "../tags.ts";

export const listTagsForResource = defineOperation({
  name: "ListTagsForResource",
  wire: { method: "POST", path: "/listTagsForResource" },
  input: { type: "structure", members: { resourceARN: { shape: taggableArn, required: true } } },
  rights: toTagged("bedrock:ListTagsForResource"),
  notes: {
    served: "the tags of a job or application profile",
    notBuilt: "tags of anything else",
  },
  act: ({ resourceARN }, context) => ({ tags: getTagged(resourceARN, context).tags }),
});

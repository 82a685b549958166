/** ListTagsForResource: the tags of a job. Neither Get nor List shows them. */

import { defineOperation } from "./operation.ts";
import { taggableArn } from "./shapes.ts";
import { getTagged } from "./tags.ts";

export const listTagsForResource = defineOperation({
  name: "ListTagsForResource",
  method: "POST",
  path: "/listTagsForResource",
  input: { type: "structure", members: { resourceARN: { shape: taggableArn, required: true } } },
  served: "the tags of a job",
  notBuilt: "tags of anything else",
  act: ({ resourceARN }, { store }) => ({ tags: getTagged(resourceARN, store.jobs).tags }),
});

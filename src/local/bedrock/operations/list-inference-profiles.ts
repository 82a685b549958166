/** ListInferenceProfiles: the cross-Region profiles that the Region can send to, or those of applications. */

import { listProfiles } from "../../models/answers/reference.ts";
import { toAll } from "../../operation.ts";
import { describeApplication, describeProfile } from "../model-view.ts";
import { defineOperation } from "../operation.ts";
import { cutPage } from "../page.ts";
import { maxResults, nextToken } from "../shapes.ts";

// Undocumented; unconfirmed.
const defaultPage = 100;

interface Listed {
  readonly id: string;
  readonly describe: () => Record<string, unknown>;
}

export const listInferenceProfiles = defineOperation({
  name: "ListInferenceProfiles",
  wire: { method: "GET", path: "/inference-profiles" },
  input: {
    type: "structure",
    members: {
      maxResults: { shape: maxResults, in: "query" },
      nextToken: { shape: nextToken, in: "query" },
      typeEquals: { shape: { type: "string", enum: ["SYSTEM_DEFINED", "APPLICATION"] }, in: "query", wireName: "type" },
    },
  },
  rights: toAll("bedrock:ListInferenceProfiles"),
  notes: {
    served: "the profiles of the Region, pages; those of applications where they are asked for",
    differs: "that those of applications are left out where no type is asked for is unconfirmed",
  },
  act(given, { world, profiles }, { region }) {
    const { accountId } = world;
    const found: readonly Listed[] =
      given.typeEquals === "APPLICATION"
        ? profiles.list(region).map((own) => ({ id: own.id, describe: () => describeApplication(own, accountId) }))
        : listProfiles(region).map(({ model, prefix, id }) => ({
            id,
            describe: () => describeProfile(model, prefix, region, accountId),
          }));
    const keyOf = ({ id }: Listed): string => id;
    const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    const { items, nextToken: token } = cutPage(
      [...found].sort((a, b) => compare(a.id, b.id)),
      { keyOf, compare, maxResults: given.maxResults ?? defaultPage, token: given.nextToken },
    );
    return {
      inferenceProfileSummaries: items.map(({ describe }) => describe()),
      nextToken: token,
    };
  },
});

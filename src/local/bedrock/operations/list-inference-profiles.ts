/** ListInferenceProfiles: the cross-Region profiles that the Region can send to. */

import { listProfiles } from "../../models/reference.ts";
import { toAll } from "../../operation.ts";
import { describeProfile } from "../model-view.ts";
import { defineOperation } from "../operation.ts";
import { cutPage } from "../page.ts";
import { maxResults, nextToken } from "../shapes.ts";

// Undocumented; unconfirmed.
const defaultPage = 100;

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
    served: "the system-defined profiles of the Region, pages",
    notBuilt: "application profiles: there are none",
  },
  act(given, { world }, { region }) {
    const profiles = given.typeEquals === "APPLICATION" ? [] : listProfiles(region);
    const keyOf = ({ id }: { id: string }): string => id;
    const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    const { items, nextToken: token } = cutPage(
      profiles.sort((a, b) => compare(a.id, b.id)),
      { keyOf, compare, maxResults: given.maxResults ?? defaultPage, token: given.nextToken },
    );
    return {
      inferenceProfileSummaries: items.map(({ model, prefix }) =>
        describeProfile(model, prefix, region, world.accountId),
      ),
      nextToken: token,
    };
  },
});

import { catalogueReadAt } from "./catalogue-model.ts";

/** Prices and models change every few weeks: after so many days the plan begins to say so. */
const freshDays = 60;
const dayMs = 24 * 60 * 60_000;

/** How old the catalogue is, where it is older than 60 days: a whole sentence. @param nowMs now, in milliseconds */
export function findAgeWarning(nowMs: number): string | undefined {
  const days = Math.floor((nowMs - Date.parse(`${catalogueReadAt}T00:00:00Z`)) / dayMs);
  if (days <= freshDays) return undefined;
  return `The catalogue of models and prices was last compared with AWS on ${catalogueReadAt}, ${days} days ago: a newer version of halfprice may know better; halfprice models --refresh reads the account's own.`;
}

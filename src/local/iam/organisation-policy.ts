/** What an organisation denies, as it is given in the options. */
import { type Policy, parsePolicy } from "./evaluate/policy.ts";
import { checkPolicyDocument } from "./policy-document.ts";

/** @throws RangeError where it is no policy without principals, as a service control policy is */
export function parseOrganisationPolicy(given: string | object, index: number): Policy {
  const document = typeof given === "string" ? given : JSON.stringify(given);
  try {
    checkPolicyDocument(document, "permissions");
    return parsePolicy(document, `organisation policy ${index + 1}`);
  } catch (cause) {
    throw new RangeError(`organisationDenies[${index}] is no policy: ${(cause as Error).message}`, { cause });
  }
}

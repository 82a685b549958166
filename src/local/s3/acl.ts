/** Canned access control lists: names that stand for a list of grants. */
import { element, leaf, type Markup } from "../wire/xml.ts";
import { S3Error } from "./errors.ts";
import { canonicalId, writeOwner } from "./owner.ts";

/** Name → what it grants besides the owner's full control ("Canned ACL", S3 user guide). */
const canned: Readonly<Record<string, readonly { group: string; permission: string }[]>> = {
  private: [],
  "public-read": [{ group: "AllUsers", permission: "READ" }],
  "public-read-write": [
    { group: "AllUsers", permission: "READ" },
    { group: "AllUsers", permission: "WRITE" },
  ],
  "authenticated-read": [{ group: "AuthenticatedUsers", permission: "READ" }],
  "aws-exec-read": [],
  "bucket-owner-read": [],
  "bucket-owner-full-control": [],
  "log-delivery-write": [],
};

/** @throws S3Error InvalidArgument */
export function readCannedAcl(header: string | undefined): string | undefined {
  if (header === undefined || header in canned) return header;
  throw new S3Error("InvalidArgument", { details: { ArgumentName: "x-amz-acl", ArgumentValue: header } });
}

/** What an object's list may be in a bucket with this ownership. @throws S3Error AccessControlListNotSupported */
export function readObjectAcl(header: string | undefined, ownership: string | undefined): string | undefined {
  const acl = readCannedAcl(header);
  if (acl === undefined || acl === "private" || acl === "bucket-owner-full-control") return undefined;
  if (ownership === "BucketOwnerEnforced") throw new S3Error("AccessControlListNotSupported");
  return acl;
}

/** True where anyone may do it. */
export const isPublic = (acl: string | undefined, permission: "READ" | "WRITE"): boolean =>
  (canned[acl ?? "private"] ?? []).some((grant) => grant.group === "AllUsers" && grant.permission === permission);

export function writeAcl(accountId: string, acl: string | undefined): readonly Markup[] {
  const owner = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${leaf("ID", canonicalId(accountId))}${leaf("DisplayName", "local")}</Grantee>`;
  const grants = [
    element("Grant", owner, leaf("Permission", "FULL_CONTROL")),
    ...(canned[acl ?? "private"] ?? []).map(({ group, permission }) =>
      element(
        "Grant",
        `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group">${leaf("URI", `http://acs.amazonaws.com/groups/global/${group}`)}</Grantee>`,
        leaf("Permission", permission),
      ),
    ),
  ];
  return [writeOwner(accountId), element("AccessControlList", ...grants)];
}

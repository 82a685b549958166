/** Canned access control lists: names that stand for a list of grants. */
import { children, childText, element, leaf, type Markup, type XmlNode } from "../../wire/xml.ts";
import type { S3Call } from "../call.ts";
import { S3Error } from "../errors.ts";
import type { Bucket } from "../store/bucket.ts";
import { canonicalId, writeOwner } from "./owner.ts";

interface GroupGrant {
  readonly group: string;
  readonly permission: string;
}

/** Name → what it grants besides the owner's full control ("Canned ACL", S3 user guide). */
const canned: Readonly<Record<string, readonly GroupGrant[]>> = {
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

/** Who owns what others put into the bucket. */
export function readOwnership(bucket: Bucket): string | undefined {
  const document = bucket.record.documents["ownershipControls"];
  return /<ObjectOwnership>(\w+)</.exec(document ?? "")?.[1];
}

/** What a new object's list may be. @throws S3Error AccessControlListNotSupported, NotImplemented */
export function readObjectAcl(headers: Readonly<Record<string, string>>, bucket: Bucket): string | undefined {
  refuseGrantHeaders(headers);
  const acl = readCannedAcl(headers["x-amz-acl"]);
  if (acl === undefined || acl === "private" || acl === "bucket-owner-full-control") return undefined;
  if (readOwnership(bucket) === "BucketOwnerEnforced") throw new S3Error("AccessControlListNotSupported");
  return acl;
}

/** Grants to single accounts are not built. */
function refuseGrantHeaders(headers: Readonly<Record<string, string>>): void {
  const name = Object.keys(headers).find((each) => each.startsWith("x-amz-grant-"));
  if (name !== undefined) throw new S3Error("NotImplemented", { details: { Header: name } });
}

/**
 * The list of PutBucketAcl and PutObjectAcl, by name in the header or written out in the body; `private` is undefined.
 * @throws S3Error AccessControlListNotSupported, MalformedACLError, NotImplemented for grants that no name stands for
 */
export async function readAcl(
  readRoot: () => Promise<XmlNode>,
  call: S3Call,
  bucket: Bucket,
): Promise<string | undefined> {
  const acl = readObjectAcl(call.headers, bucket);
  if (call.headers["x-amz-acl"] !== undefined) return acl;
  const grants = readGrants(await readRoot());
  const name = Object.keys(canned).find((each) => sameGrants(canned[each] ?? [], grants));
  if (name === undefined) {
    throw new S3Error("NotImplemented", {
      message: "The local service keeps only lists that a canned ACL stands for.",
    });
  }
  if (name === "private") return undefined;
  if (readOwnership(bucket) === "BucketOwnerEnforced") throw new S3Error("AccessControlListNotSupported");
  return name;
}

const groupPrefix = "http://acs.amazonaws.com/groups/global/";

/** The grants to groups; the owner's own need not be said. @throws S3Error MalformedACLError */
function readGrants(root: XmlNode): GroupGrant[] {
  const list = children(root, "AccessControlList")[0];
  if (list === undefined) throw new S3Error("MalformedACLError");
  return children(list, "Grant").flatMap((grant) => {
    const grantee = children(grant, "Grantee")[0];
    const permission = childText(grant, "Permission");
    if (grantee === undefined || permission === undefined) throw new S3Error("MalformedACLError");
    const uri = childText(grantee, "URI");
    if (uri === undefined) return permission === "FULL_CONTROL" ? [] : [{ group: "an account", permission }];
    return [{ group: uri.replace(groupPrefix, ""), permission }];
  });
}

const sameGrants = (a: readonly GroupGrant[], b: readonly GroupGrant[]): boolean =>
  a.length === b.length && a.every((x) => b.some((y) => x.group === y.group && x.permission === y.permission));

/** True where anyone may do it. */
export const isPublic = (acl: string | undefined, permission: "READ" | "WRITE"): boolean =>
  (canned[acl ?? "private"] ?? []).some((grant) => grant.group === "AllUsers" && grant.permission === permission);

const writeGrantee = (type: string, inside: Markup): Markup =>
  `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}">${inside}</Grantee>`;

export function writeAcl(accountId: string, acl: string | undefined): readonly Markup[] {
  const owner = writeGrantee("CanonicalUser", leaf("ID", canonicalId(accountId)));
  const grants = [
    element("Grant", owner, leaf("Permission", "FULL_CONTROL")),
    ...(canned[acl ?? "private"] ?? []).map(({ group, permission }) =>
      element("Grant", writeGrantee("Group", leaf("URI", `${groupPrefix}${group}`)), leaf("Permission", permission)),
    ),
  ];
  return [writeOwner(accountId), element("AccessControlList", ...grants)];
}

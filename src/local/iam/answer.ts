/** Roles, policies and pages as IAM writes them. */
import { encodeStrictly } from "../signature/canonical.ts";
import { QueryError } from "../wire/query-error.ts";
import type { Input } from "../wire/query-fields.ts";
import { element, leaf, type Markup } from "../wire/xml.ts";
import type { IamStore, IamTag, Identity, ManagedPolicy, Role, User } from "./store.ts";

/** Documents go out percent-encoded (RFC 3986), as they have since 2010. */
export const writeDocument = (name: string, document: string): Markup => leaf(name, encodeStrictly(document));

/** IAM knows no milliseconds. */
export const writeTime = (name: string, atMs: number): Markup =>
  leaf(name, new Date(atMs).toISOString().replace(/\.\d{3}/, ""));

export const writeTags = (tags: readonly IamTag[]): Markup =>
  element("Tags", ...tags.map(({ key, value }) => element("member", leaf("Key", key), leaf("Value", value))));

/**
 * @param detail listings leave out tags, boundary and use; a creation answers with what was new to say, and neither description nor
 * longest session (IAM API reference, CreateRole and ListRoles)
 */
export function writeRole(role: Role, detail: "full" | "listed" | "made", name = "Role"): Markup {
  return element(
    name,
    leaf("Path", role.path),
    leaf("RoleName", role.name),
    leaf("RoleId", role.id),
    leaf("Arn", role.arn),
    writeTime("CreateDate", role.createdAtMs),
    writeDocument("AssumeRolePolicyDocument", role.trust),
    ...(detail === "made"
      ? []
      : [leaf("Description", role.description), leaf("MaxSessionDuration", role.maxSessionSeconds)]),
    ...(detail === "listed" ? [] : [writeBoundary(role), role.tags.length > 0 ? writeTags(role.tags) : undefined]),
    detail === "full" ? element("RoleLastUsed") : undefined,
  );
}

function writeBoundary({ boundaryArn }: Identity): Markup | undefined {
  if (boundaryArn === undefined) return undefined;
  return element(
    "PermissionsBoundary",
    leaf("PermissionsBoundaryType", "PermissionsBoundaryPolicy"),
    leaf("PermissionsBoundaryArn", boundaryArn),
  );
}

/** @param detail listings leave out tags and boundary */
export function writeUser(user: User, detail: "full" | "listed", name = "User"): Markup {
  return element(
    name,
    leaf("Path", user.path),
    leaf("UserName", user.name),
    leaf("UserId", user.id),
    leaf("Arn", user.arn),
    writeTime("CreateDate", user.createdAtMs),
    ...(detail === "full" ? [writeBoundary(user), user.tags.length > 0 ? writeTags(user.tags) : undefined] : []),
  );
}

/** Attached policies under a path, in the order in which they were attached. */
export function writeAttached(input: Input, { attached }: Identity): Markup {
  const prefix = input.find("PathPrefix") ?? "/";
  const found = attached.filter((arn) => pathOf(arn).startsWith(prefix));
  return writePage(input, "AttachedPolicies", found, (arn) =>
    element("member", leaf("PolicyName", arn.slice(arn.lastIndexOf("/") + 1)), leaf("PolicyArn", arn)),
  );
}

const pathOf = (arn: string): string => arn.slice(arn.indexOf(":policy/") + ":policy".length, arn.lastIndexOf("/") + 1);

/** @param detail only GetPolicy says the description (IAM API reference, Policy) */
export function writePolicy(
  policy: ManagedPolicy,
  store: IamStore,
  detail: "full" | "listed" | "made",
  name = "Policy",
): Markup {
  const identities: readonly Identity[] = [...Object.values(store.data.roles), ...store.listUsers()];
  return element(
    name,
    leaf("PolicyName", policy.name),
    leaf("PolicyId", policy.id),
    leaf("Arn", policy.arn),
    leaf("Path", policy.path),
    leaf("DefaultVersionId", policy.defaultVersionId ?? "v1"),
    leaf("AttachmentCount", identities.filter(({ attached }) => attached.includes(policy.arn)).length),
    leaf("PermissionsBoundaryUsageCount", identities.filter(({ boundaryArn }) => boundaryArn === policy.arn).length),
    leaf("IsAttachable", true),
    detail === "full" ? leaf("Description", policy.description) : undefined,
    writeTime("CreateDate", policy.createdAtMs),
    writeTime("UpdateDate", policy.versions?.at(-1)?.createdAtMs ?? policy.createdAtMs),
    detail !== "listed" && policy.tags.length > 0 ? writeTags(policy.tags) : undefined,
  );
}

/** A page of a sorted list: `Marker` is where it goes on. @throws QueryError ValidationError for a marker that is none */
export function writePage<T>(input: Input, name: string, all: readonly T[], write: (each: T) => Markup): Markup {
  const start = readMarker(input.find("Marker"));
  const end = start + Number(input.find("MaxItems") ?? 100);
  const isTruncated = end < all.length;
  return [
    element(name, ...all.slice(start, end).map(write)),
    leaf("IsTruncated", isTruncated),
    isTruncated ? leaf("Marker", Buffer.from(`from:${end}`).toString("base64")) : "",
  ].join("");
}

function readMarker(marker: string | undefined): number {
  if (marker === undefined) return 0;
  const start = /^from:(\d+)$/.exec(Buffer.from(marker, "base64").toString("utf8"))?.[1];
  if (start === undefined) throw new QueryError("ValidationError", 400, `Invalid Marker: ${marker}`);
  return Number(start);
}

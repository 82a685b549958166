/** Roles, policies and pages as IAM writes them. */
import { encodeStrictly } from "../signature/canonical.ts";
import type { Input } from "../wire/query-fields.ts";
import { QueryError } from "../wire/query-service.ts";
import { element, leaf, type Markup } from "../wire/xml.ts";
import type { IamStore, IamTag, ManagedPolicy, Role } from "./store.ts";

/** Documents go out percent-encoded (RFC 3986), as they have since 2010. */
export const writeDocument = (name: string, document: string): Markup => leaf(name, encodeStrictly(document));

/** IAM knows no milliseconds. */
export const writeTime = (name: string, atMs: number): Markup =>
  leaf(name, new Date(atMs).toISOString().replace(/\.\d{3}/, ""));

export const writeTags = (tags: readonly IamTag[]): Markup =>
  element("Tags", ...tags.map(({ key, value }) => element("member", leaf("Key", key), leaf("Value", value))));

/** @param detail listings leave out tags, boundary and use */
export function writeRole(role: Role, detail: "full" | "listed", name = "Role"): Markup {
  return element(
    name,
    leaf("Path", role.path),
    leaf("RoleName", role.name),
    leaf("RoleId", role.id),
    leaf("Arn", role.arn),
    writeTime("CreateDate", role.createdAtMs),
    writeDocument("AssumeRolePolicyDocument", role.trust),
    leaf("Description", role.description),
    leaf("MaxSessionDuration", role.maxSessionSeconds),
    ...(detail === "full"
      ? [
          role.boundaryArn === undefined
            ? undefined
            : element(
                "PermissionsBoundary",
                leaf("PermissionsBoundaryType", "PermissionsBoundaryPolicy"),
                leaf("PermissionsBoundaryArn", role.boundaryArn),
              ),
          role.tags.length > 0 ? writeTags(role.tags) : undefined,
          element("RoleLastUsed"),
        ]
      : []),
  );
}

export function writePolicy(
  policy: ManagedPolicy,
  store: IamStore,
  detail: "full" | "listed",
  name = "Policy",
): Markup {
  const roles = Object.values(store.data.roles);
  return element(
    name,
    leaf("PolicyName", policy.name),
    leaf("PolicyId", policy.id),
    leaf("Arn", policy.arn),
    leaf("Path", policy.path),
    leaf("DefaultVersionId", "v1"),
    leaf("AttachmentCount", roles.filter(({ attached }) => attached.includes(policy.arn)).length),
    leaf("PermissionsBoundaryUsageCount", roles.filter(({ boundaryArn }) => boundaryArn === policy.arn).length),
    leaf("IsAttachable", true),
    detail === "full" ? leaf("Description", policy.description) : undefined,
    writeTime("CreateDate", policy.createdAtMs),
    writeTime("UpdateDate", policy.createdAtMs),
    detail === "full" && policy.tags.length > 0 ? writeTags(policy.tags) : undefined,
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

/** The versions of a managed policy, of which one is in force. */
import { QueryError } from "../wire/query-error.ts";
import { element, leaf, type Markup } from "../wire/xml.ts";
import { writeDocument, writeTime } from "./answer.ts";
import type { ManagedPolicy, PolicyVersion } from "./store.ts";

export const mostVersions = 5;

export const listVersions = ({ versions, document, createdAtMs }: ManagedPolicy): readonly PolicyVersion[] =>
  versions ?? [{ id: "v1", document, createdAtMs }];

export const defaultVersionIdOf = ({ defaultVersionId = "v1" }: ManagedPolicy): string => defaultVersionId;

/** @throws QueryError NoSuchEntity */
export function getVersion(policy: ManagedPolicy, id: string): PolicyVersion {
  const version = listVersions(policy).find((each) => each.id === id);
  if (version !== undefined) return version;
  throw new QueryError("NoSuchEntity", 404, `Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
}

/** The policy with that version in force. */
export const withDefault = (policy: ManagedPolicy, { id, document }: PolicyVersion): ManagedPolicy => ({
  ...policy,
  document,
  versions: listVersions(policy),
  defaultVersionId: id,
});

/** @param detail only reading one gives its document */
export const writeVersion = (
  policy: ManagedPolicy,
  { id, document, createdAtMs }: PolicyVersion,
  detail: "full" | "listed",
): Markup =>
  element(
    detail === "full" ? "PolicyVersion" : "member",
    detail === "full" ? writeDocument("Document", document) : undefined,
    leaf("VersionId", id),
    leaf("IsDefaultVersion", id === defaultVersionIdOf(policy)),
    writeTime("CreateDate", createdAtMs),
  );

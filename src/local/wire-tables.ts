/** What S3, STS, KMS and IAM serve, check, do not build and do otherwise than AWS: the tables of docs/local-service.md. */
import type { OperationRow, ServiceTable } from "./bedrock/operation-tables.ts";
import { iamNotBuilt, iamOperations } from "./iam/operations.ts";
import { kmsNotBuilt, kmsOperations } from "./kms/service.ts";
import { s3Acts } from "./s3/acts.ts";
import { type OperationNotes, s3Notes } from "./s3/notes.ts";
import { s3Operations } from "./s3/operations.ts";
import { stsNotBuilt, stsOperations } from "./sts/operations.ts";
import type { Fields } from "./wire/query-fields.ts";

const rowOf = (name: string, notes: OperationNotes | undefined): OperationRow => ({
  name,
  served: notes?.served ?? "",
  checked: notes?.checked ?? "",
  notBuilt: notes?.notBuilt ?? "",
  differs: notes?.differs ?? "",
});

/** What differs, of the operations that do not do just what AWS does. */
const stsDiffers: Readonly<Record<string, string>> = {
  AssumeRole: "the role's trust policy is asked where IAM is enforced; MFA is taken and not checked",
  GetAccessKeyInfo: "every well-formed id that nobody knows belongs to this account",
  GetSessionToken: "MFA is taken and not checked",
};
const iamDiffers: Readonly<Record<string, string>> = {
  AttachRolePolicy: "AWS's own policies are all taken to exist; the effect of some is known",
  AttachUserPolicy: "AWS's own policies are all taken to exist; the effect of some is known",
  GetPolicy: "not for AWS's own policies",
  GetPolicyVersion: "not for AWS's own policies",
  ListInstanceProfilesForRole: "always empty",
  ListPolicies: "only the account's own policies",
  ListUsers: "without the local user",
  SimulateCustomPolicy: "without the positions of statements",
  SimulatePrincipalPolicy: "without the positions of statements; knows nothing of the organisation",
};

const listFields = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, { isRequired }]) => (isRequired === true ? `${name} (required)` : name))
    .join(", ");

export const wireServiceTables: readonly ServiceTable[] = [
  {
    service: "S3",
    protocol: "restXml, path style, and with the bucket in a host under `.localhost`",
    operations: s3Operations.filter(({ name }) => name in s3Acts).map(({ name }) => rowOf(name, s3Notes[name])),
    notBuilt: s3Operations.map(({ name }) => name).filter((name) => !(name in s3Acts)),
  },
  {
    service: "STS",
    protocol: "query",
    operations: stsOperations.map(({ name, fields }) =>
      rowOf(name, { served: "yes", checked: listFields(fields), differs: stsDiffers[name] ?? "" }),
    ),
    notBuilt: stsNotBuilt,
  },
  {
    service: "KMS",
    protocol: "awsJson1.1",
    operations: kmsOperations.map(({ name, served, notBuilt = "", differs = "" }) =>
      rowOf(name, { served, notBuilt, differs }),
    ),
    notBuilt: kmsNotBuilt,
  },
  {
    service: "IAM",
    protocol: "query",
    operations: iamOperations.map(({ name, fields }) =>
      rowOf(name, {
        served: "yes; what is kept decides where IAM is enforced",
        checked: listFields(fields),
        differs: iamDiffers[name] ?? "",
      }),
    ),
    notBuilt: iamNotBuilt,
  },
];

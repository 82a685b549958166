/** Data: what every service on the port serves, checks, does not build and does otherwise: the tables of docs/local-service.md. */
import { modelServiceTables, type OperationRow, type ServiceTable } from "./bedrock/operation-tables.ts";
import { iamNotBuilt, iamOperations } from "./iam/operations.ts";
import { s3Acts } from "./s3/acts.ts";
import { s3Operations } from "./s3/operations.ts";
import { stsNotBuilt, stsOperations } from "./sts/operations.ts";

type Note = Partial<Pick<OperationRow, "served" | "checked" | "differs">>;

/** What is worth saying of an operation of S3 besides that it is served. */
const s3Notes: Readonly<Record<string, Note>> = {
  CreateBucket: {
    checked: "name, location constraint against the region",
    differs: "names are unique in this service only",
  },
  CopyObject: { checked: "source, its conditions, directives" },
  CompleteMultipartUpload: { checked: "part numbers, order, ETags, sizes, checksums" },
  GetBucketAcl: { differs: "the owner has everything, whatever was put" },
  GetObjectAcl: { differs: "the owner has everything, whatever was put" },
  GetObject: {
    served: "whole, ranges, conditions, header overrides, checksums",
    checked: "conditions, range, presigned expiry",
  },
  HeadObject: { served: "as GetObject, without the body" },
  ListObjectVersions: { differs: "every object has one version, null: versioning is not built" },
  PutBucketPolicy: { checked: "that it is a policy document", differs: "kept, not enforced" },
  PutObject: {
    served: "plain, aws-chunked signed and unsigned, trailers; system headers and user metadata",
    checked:
      "length, Content-MD5, CRC32, CRC32C, CRC64NVME, SHA1, SHA256, x-amz-content-sha256, If-Match, If-None-Match",
  },
  UploadPart: { checked: "part number, length, checksums" },
};

const fieldsOf = (fields: Readonly<Record<string, unknown>>): string => Object.keys(fields).join(", ");

export const serviceTables: readonly ServiceTable[] = [
  ...modelServiceTables,
  {
    service: "S3",
    protocol: "restXml, path style",
    operations: s3Operations
      .filter(({ name }) => s3Acts[name] !== undefined)
      .map(({ name }) => ({ name, served: "yes", checked: "", notBuilt: "", differs: "", ...s3Notes[name] })),
    notBuilt: s3Operations.map(({ name }) => name).filter((name) => s3Acts[name] === undefined),
  },
  {
    service: "IAM",
    protocol: "query",
    operations: iamOperations.map(({ name, fields }) => ({
      name,
      served: "yes",
      checked: fieldsOf(fields),
      notBuilt: "",
      differs: "kept, not enforced",
    })),
    notBuilt: iamNotBuilt,
  },
  {
    service: "STS",
    protocol: "query",
    operations: stsOperations.map(({ name, fields }) => ({
      name,
      served: "yes",
      checked: fieldsOf(fields),
      notBuilt: "",
      differs: name === "AssumeRole" ? "the role's trust policy is not asked yet" : "",
    })),
    notBuilt: stsNotBuilt,
  },
];

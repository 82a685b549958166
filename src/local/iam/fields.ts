/** Data: the fields that several IAM operations share (IAM API reference, 2010-05-08). */
import type { Field, Fields } from "../wire/query-fields.ts";

/** The note of every operation. */
export const kept = "yes; what is kept decides where IAM is enforced";

const name = "[\\w+=,.@-]+";

export const roleName: Field = { type: "string", isRequired: true, min: 1, max: 64, pattern: name };
export const newUserName: Field = { type: "string", isRequired: true, min: 1, max: 64, pattern: name };
export const userName: Field = { type: "string", isRequired: true, min: 1, max: 128, pattern: name };
/** Left out where the caller is meant. */
export const ownName: Field = { type: "string", min: 1, max: 128, pattern: name };
export const accessKeyId: Field = { type: "string", isRequired: true, min: 16, max: 128, pattern: "[\\w]+" };
export const policyName: Field = { type: "string", isRequired: true, min: 1, max: 128, pattern: name };
export const policyDocument: Field = {
  type: "string",
  isRequired: true,
  min: 1,
  max: 131072,
  pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
};
export const path: Field = { type: "string", min: 1, max: 512, pattern: "(\\/)|(\\/[\\u0021-\\u007E]+\\/)" };
export const pathPrefix: Field = { type: "string", min: 1, max: 512, pattern: "\\/[\\u0021-\\u007F]*" };
export const policyPath: Field = { type: "string", min: 1, max: 512, pattern: "((/[A-Za-z0-9.,+@=_-]+)*)/" };
export const policyArn: Field = { type: "string", isRequired: true, min: 20, max: 2048 };
export const versionId: Field = {
  type: "string",
  isRequired: true,
  pattern: "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?",
};
export const description: Field = {
  type: "string",
  max: 1e3,
  pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*",
};
export const maxSession: Field = { type: "integer", min: 3600, max: 43_200 };
export const tags: Field = { type: "tags", max: 50 };
export const page: Fields = {
  Marker: { type: "string", min: 1, max: 320, pattern: "[\\u0020-\\u00FF]+" },
  MaxItems: { type: "integer", min: 1, max: 1000 },
};

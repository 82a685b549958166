import { QueryError } from "../../wire/query-service.ts";
import { element, leaf } from "../../wire/xml.ts";
import { writeDocument, writeTime } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { policyArn } from "../fields.ts";
import { findPolicy } from "./get-policy.ts";

/** The document of a managed policy; there is only v1. */
export const getPolicyVersion: IamOperation = {
  name: "GetPolicyVersion",
  fields: {
    PolicyArn: policyArn,
    VersionId: { type: "string", isRequired: true, pattern: "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?" },
  },
  act(input, { store }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    const version = input.get("VersionId");
    if (version !== "v1") {
      throw new QueryError(
        "NoSuchEntity",
        404,
        `Policy ${policy.arn} version ${version} does not exist or is not attachable.`,
      );
    }
    return element(
      "PolicyVersion",
      writeDocument("Document", policy.document),
      leaf("VersionId", "v1"),
      leaf("IsDefaultVersion", true),
      writeTime("CreateDate", policy.createdAtMs),
    );
  },
};

import { QueryError } from "../../wire/query-service.ts";
import { element, leaf } from "../../wire/xml.ts";
import { writeTime } from "../answer.ts";
import type { IamOperation } from "../context.ts";

/** The one user that there is: the caller. */
export const getUser: IamOperation = {
  name: "GetUser",
  fields: { UserName: { type: "string", min: 1, max: 128, pattern: "[\\w+=,.@-]+" } },
  act(input, { request }) {
    const { arn, userId } = request.caller;
    const own = /:user(?<path>\/(?:.*\/)?)(?<name>[^/]+)$/.exec(arn)?.groups;
    const asked = input.find("UserName");
    if (own === undefined && asked === undefined) {
      throw new QueryError("ValidationError", 400, "Must specify userName when calling with non-User credentials");
    }
    if (own === undefined || (asked !== undefined && asked !== own["name"])) {
      throw new QueryError("NoSuchEntity", 404, `The user with name ${asked ?? ""} cannot be found.`);
    }
    return element(
      "User",
      leaf("Path", own["path"]),
      leaf("UserName", own["name"]),
      leaf("UserId", userId),
      leaf("Arn", arn),
      writeTime("CreateDate", Date.UTC(2024, 0, 1)),
    );
  },
};

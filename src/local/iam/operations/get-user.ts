import { form } from "../../wire/query-fields.ts";
import { writeUser } from "../answer.ts";
import { kept, ownName } from "../fields.ts";
import { defineOperation, getCallingUser } from "../operation.ts";
import { toUser } from "../rights.ts";

/** A user, or the caller where none is named. */
export const getUser = defineOperation({
  name: "GetUser",
  wire: "action",
  input: form({ UserName: ownName }),
  rights: toUser("iam:GetUser"),
  notes: { served: kept },
  act: (input, context, request) => writeUser(getCallingUser(input.find("UserName"), context, request), "full"),
});

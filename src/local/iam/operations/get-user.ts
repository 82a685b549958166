import { writeUser } from "../answer.ts";
import { getCallingUser, type IamOperation } from "../context.ts";
import { ownName } from "../fields.ts";

/** A user, or the caller where none is named. */
export const getUser: IamOperation = {
  name: "GetUser",
  fields: { UserName: ownName },
  act: (input, context) => writeUser(getCallingUser(input.find("UserName"), context), "full"),
};

import { element, leaf } from "../../wire/xml.ts";
import { writePage, writeTime } from "../answer.ts";
import { getCallingUser, type IamOperation } from "../context.ts";
import { ownName, page } from "../fields.ts";

export const listAccessKeys: IamOperation = {
  name: "ListAccessKeys",
  fields: { UserName: ownName, ...page },
  act(input, context) {
    const { name, keys } = getCallingUser(input.find("UserName"), context);
    return writePage(input, "AccessKeyMetadata", keys, ({ accessKeyId, status, createdAtMs }) =>
      element(
        "member",
        leaf("UserName", name),
        leaf("AccessKeyId", accessKeyId),
        leaf("Status", status),
        writeTime("CreateDate", createdAtMs),
      ),
    );
  },
};

import { form } from "../../wire/query-fields.ts";
import { element, leaf } from "../../wire/xml.ts";
import { writePage, writeTime } from "../answer.ts";
import { kept, ownName, page } from "../fields.ts";
import { defineOperation, getCallingUser } from "../operation.ts";
import { toUser } from "../rights.ts";

export const listAccessKeys = defineOperation({
  name: "ListAccessKeys",
  wire: "action",
  input: form({ UserName: ownName, ...page }),
  rights: toUser("iam:ListAccessKeys"),
  notes: { served: kept },
  act(input, context, request) {
    const { name, keys } = getCallingUser(input.find("UserName"), context, request);
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
});

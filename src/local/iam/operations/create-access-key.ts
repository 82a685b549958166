import { randomBytes } from "node:crypto";
import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { element, leaf } from "../../wire/xml.ts";
import { writeTime } from "../answer.ts";
import { kept, ownName } from "../fields.ts";
import { defineOperation, getCallingUser } from "../operation.ts";
import { toUser } from "../rights.ts";
import { makeIamId, type UserKey } from "../store.ts";

const mostKeys = 2;
/** Keys are secrets, not part of a run that is to be repeated: they do not come from the seed. */
const secureRandom = (): number => randomBytes(4).readUInt32BE() / 2 ** 32;

/** A key of the user; its secret is told only now. */
export const createAccessKey = defineOperation({
  name: "CreateAccessKey",
  wire: "action",
  input: form({ UserName: ownName }),
  rights: toUser("iam:CreateAccessKey"),
  notes: { served: kept },
  async act(input, context, request) {
    const { store, world } = context;
    const { name } = getCallingUser(input.find("UserName"), context, request);
    const user = store.getUser(name);
    if (user.keys.length >= mostKeys) {
      throw new QueryError("LimitExceeded", 409, `Cannot exceed quota for AccessKeysPerUser: ${mostKeys}`);
    }
    const key: UserKey = {
      accessKeyId: makeIamId("AKIA", secureRandom, 16),
      secretAccessKey: randomBytes(30).toString("base64"),
      status: "Active",
      createdAtMs: world.clock.nowMs(),
    };
    await store.saveUser({ ...user, keys: [...user.keys, key] });
    return element(
      "AccessKey",
      leaf("UserName", user.name),
      leaf("AccessKeyId", key.accessKeyId),
      leaf("Status", key.status),
      leaf("SecretAccessKey", key.secretAccessKey),
      writeTime("CreateDate", key.createdAtMs),
    );
  },
});

/** Users' access keys, as the verifier of signatures looks them up. */
import type { AccessKey, KeySource } from "../signature/key-ring.ts";
import type { IamStore } from "./store.ts";

/** A key that is turned off is as good as none. */
export const makeUserKeys = (store: IamStore, accountId: string): KeySource => ({
  find(accessKeyId): AccessKey | undefined {
    for (const { arn, id, keys } of store.listUsers()) {
      const key = keys.find((each) => each.accessKeyId === accessKeyId && each.status === "Active");
      if (key === undefined) continue;
      const { secretAccessKey } = key;
      return { accessKeyId, secretAccessKey, caller: { accountId, arn, userId: id, accessKeyId } };
    }
    return undefined;
  },
});

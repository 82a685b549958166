import type { Connection } from "../aws/connection.ts";
import type { KeyAccess } from "../aws/kms.ts";

/** KMS, whose client is loaded with the first call: most accounts have no key of their own here. */
export function openLazyKeys(connection: Connection): KeyAccess {
  let opened: Promise<KeyAccess> | undefined;
  const open = (): Promise<KeyAccess> => {
    opened ??= import("../aws/kms.ts").then(({ openKeyAccess }) => openKeyAccess(connection));
    return opened;
  };
  return {
    readKey: async (name) => (await open()).readKey(name),
    readPolicy: async (keyArn) => (await open()).readPolicy(keyArn),
    putPolicy: async (keyArn, policy) => (await open()).putPolicy(keyArn, policy),
    close() {
      void opened?.then((keys) => keys.close());
    },
  };
}

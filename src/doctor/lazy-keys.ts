import type { Connection } from "../aws/connection.ts";
import { type KeyAccess, openKeyAccess } from "../aws/kms.ts";

/** KMS, whose client is made with the first call: most accounts have no key of their own here. */
export function openLazyKeys(connection: Connection): KeyAccess {
  let opened: KeyAccess | undefined;
  const open = (): KeyAccess => {
    opened ??= openKeyAccess(connection);
    return opened;
  };
  return {
    readKey: (name) => open().readKey(name),
    readPolicy: (keyArn) => open().readPolicy(keyArn),
    putPolicy: (keyArn, policy) => open().putPolicy(keyArn, policy),
    close() {
      opened?.close();
    },
  };
}

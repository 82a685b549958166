import { join } from "node:path";

/** Where the ledger of a workspace is: to see whether there is one, none has to be opened. */
export const ledgerFile = (workspace: string): string => join(workspace, "ledger.db");

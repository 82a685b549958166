import { isError } from "../../foundation/errors/index.ts";

/** Removes what nothing depends on any more: where the caller may not, it stays. @throws UNREACHABLE, and whatever else the removal throws */
export async function ifAllowed(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!isError(error, "SERVICE_REFUSED")) throw error;
  }
}

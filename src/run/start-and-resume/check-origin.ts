import { HalfpriceError } from "../../foundation/errors/index.ts";
import { describeOrigin, isSameOrigin } from "../../foundation/origin.ts";
import type { RunRow } from "../../ledger/runs.ts";
import { identify, type Session, toOrigin } from "../../workspace/session.ts";

/** A run goes on only where it was begun: in its account and region, or at the local service. @throws WRONG_ORIGIN */
export async function checkOrigin(session: Session, row: RunRow): Promise<void> {
  const origin = toOrigin(await identify(session));
  if (isSameOrigin(origin, row.origin)) return;
  const details = { runId: row.id, runOrigin: describeOrigin(row.origin), origin: describeOrigin(origin) };
  throw new HalfpriceError("WRONG_ORIGIN", details);
}

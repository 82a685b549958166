import { explainMessage } from "../explanations/explain.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import type { RunRequest } from "../run/plan/choose-model.ts";
import { tryRows } from "../run/try/try-rows.ts";
import type { Session } from "../workspace/session.ts";
import type { NamedResult } from "./check-account.ts";
import { fail, pass, warn } from "./checks/check.ts";

/**
 * Sends a few rows on demand, at the full price: whether they are taken, cut off, declined, or answered in the asked shape.
 * @see sources#all-or-nothing, collected 2026-11-21: jobs go nearly all well or not at all, so a few rows tell almost everything
 */
export async function tryCanary(session: Session, request: RunRequest, rowCount: number): Promise<NamedResult> {
  const check = "canary";
  const subject = `${rowCount} rows on demand`;
  try {
    const { rows, failedCount, firstError = "", costUsd, origin } = await tryRows(session, request, rowCount);
    if (failedCount > 0) {
      const details = { failed: failedCount, total: rows.length, message: firstError };
      const error = new HalfpriceError("TRY_FAILED", { ...details, explanation: explainMessage(firstError) });
      return { check, ...fail(subject, error) };
    }
    const outcomes = rows.map((row) =>
      String(Object.entries(row).find(([name]) => name.endsWith("halfprice_outcome"))?.[1]),
    );
    const odd = outcomes.filter((outcome) => outcome !== "answered" && outcome !== "skipped");
    const price =
      costUsd === undefined ? "" : `, for $${costUsd.toFixed(4)}${origin.kind === "local" ? " on AWS" : ""}`;
    if (odd.length === 0) return { check, ...pass(subject, `all answered in the asked shape${price}`) };
    const counted = [...new Set(odd)].map((outcome) => `${odd.filter((each) => each === outcome).length} ${outcome}`);
    const fix = "halfprice try shows the answers; a larger max_tokens, or plainer words about the shape, often help";
    return { check, ...warn(subject, `${counted.join(", ")} of ${rows.length}${price}`, { fix }) };
  } catch (error) {
    if (!isError(error)) throw error;
    return { check, ...fail(subject, error) };
  }
}

import { readFoundationModels, readInferenceProfiles } from "../../aws/foundation-models.ts";
import { readPriceList } from "../../aws/pricing.ts";
import type { Identity } from "../../aws/sts.ts";
import { isRefusal } from "../../aws/wrap-error.ts";
import { defined } from "../../foundation/defined.ts";
import { findChanges, type ModelChange } from "../../models/find-changes.ts";
import { parsePriceList, type UnmatchedRow } from "../../models/price-list/price-list.ts";
import type { RegionReading } from "../../models/region-reading.ts";
import { makeRoutePrices } from "../../models/route-prices.ts";
import { findReading, readingsPath, recordReading } from "../../workspace/model-readings.ts";
import { identify, openWorkspace, type Session, toOrigin } from "../../workspace/session.ts";

/** What a refresh read, and what came of it. */
export interface ModelRefresh {
  readonly region: string;
  /** `2026-11-21`. */
  readonly readAt: string;
  /** Where it is kept. */
  readonly path: string;
  /** Rows of the Price List; undefined where there was none to read. */
  readonly rowCount: number | undefined;
  /** Models of the catalogue that a price was found of. */
  readonly pricedModelCount: number;
  readonly otherCount: number;
  readonly unmatched: readonly UnmatchedRow[];
  readonly listedModelCount: number;
  readonly profileCount: number;
  readonly changes: readonly ModelChange[];
}

/**
 * Reads prices and availability of the region's models from the account, and keeps them in the workspace. Nothing is kept
 * where any of it fails.
 * @throws NO_CREDENTIALS, CREDENTIALS_REFUSED, NO_REGION, UNREACHABLE, SERVICE_REFUSED, UNREADABLE_FILE
 */
export async function refreshModels(session: Session): Promise<ModelRefresh> {
  const { config, nowMs, onStep } = session;
  const identity = await identify(session);
  const { region } = identity;
  const origin = toOrigin(identity);
  // Makes the workspace, closed to others.
  (await openWorkspace(config)).close();
  const before = findReading(config.workspace, origin);
  const connection = { ...session.connection, region };
  onStep(`reading the models of ${region}`);
  const [listed, profiles] = await Promise.all([readFoundationModels(connection), readInferenceProfiles(connection)]);
  onStep(`reading the prices of ${region}`);
  const rows = await readRows(session, identity);
  const parsed = parsePriceList(rows ?? [], region, nowMs());
  const { byModel, halves } = makeRoutePrices(parsed.prices);
  const reading: RegionReading = {
    readAt: new Date(nowMs()).toISOString().slice(0, 10),
    ...(rows === undefined ? {} : { prices: byModel }),
    models: Object.fromEntries(listed.map(({ id, status, endOfLife }) => [id, { status, ...defined({ endOfLife }) }])),
    profiles,
  };
  recordReading(config.workspace, origin, reading);
  return {
    region,
    readAt: reading.readAt,
    path: readingsPath(config.workspace),
    rowCount: rows?.length,
    pricedModelCount: Object.keys(byModel).length,
    otherCount: parsed.otherCount,
    unmatched: [...parsed.unmatched, ...halves],
    listedModelCount: listed.length,
    profileCount: profiles.length,
    changes: findChanges(region, before, reading, nowMs()),
  };
}

/** The Price List's rows; undefined on the local service, which has no such list and says so. */
async function readRows(
  { connection }: Session,
  { region, isLocal }: Identity,
): Promise<readonly string[] | undefined> {
  try {
    return await readPriceList(connection, region);
  } catch (error) {
    if (isLocal && isRefusal(error, "UnknownOperationException")) return undefined;
    throw error;
  }
}

import { defined } from "../../foundation/defined.ts";
import { priceListSource } from "../../models/apply-reading.ts";
import { catalogue } from "../../models/catalogue.ts";
import { findAgeWarning } from "../../models/catalogue-age.ts";
import { catalogueReadAt } from "../../models/catalogue-model.ts";
import { type ListedModel, listModels } from "../../models/list-models.ts";
import { type ModelRefresh, refreshModels } from "../../run/plan/refresh-models.ts";
import { findReading } from "../../workspace/model-readings.ts";
import type { SessionOptions } from "../batch-options.ts";
import { inLibrarySession, readSettings } from "../library-session.ts";
import { refuseUnknownOptions } from "../option-names.ts";

export type { ListedModel, ModelRefresh };

/** Which models are listed. */
export interface ModelOptions extends SessionOptions {
  readonly family?: string;
}

/** The models of the catalogue, with ids, profiles and prices of the region where one is given. @throws BAD_OPTIONS */
export async function models(options: ModelOptions = {}): Promise<readonly ListedModel[]> {
  refuseUnknownOptions(options, ["family"], "models");
  const { workspace, originKind: kind } = await readSettings(options);
  return listModels({
    region: options.region,
    family: options.family,
    nowMs: Date.now(),
    findReading: (region) => findReading(workspace, { kind, region }),
  });
}

/** Reads the region's prices and models from the account into the workspace. @throws what the account's services refuse with */
export async function refreshModelList(options: SessionOptions = {}): Promise<ModelRefresh> {
  refuseUnknownOptions(options, [], "refreshModelList");
  return inLibrarySession(options, (session) => refreshModels(session));
}

/** The catalogue of models as it ships. */
export interface CatalogueState {
  /** The day on which it was last compared with AWS's pages. */
  readonly comparedAt: string;
  /** How old it is, where it is older than 60 days: a whole sentence. */
  readonly warning?: string;
  /** How the source of a price begins that was read from the account. */
  readonly priceListSource: string;
  readonly models: readonly { readonly alias: string; readonly label: string }[];
}

/** What the catalogue is, without a look at workspace or account. */
export async function describeCatalogue(): Promise<CatalogueState> {
  return {
    comparedAt: catalogueReadAt,
    priceListSource,
    models: catalogue.map(({ alias, label }) => ({ alias, label })),
    ...defined({ warning: findAgeWarning(Date.now()) }),
  };
}

import { HalfpriceError } from "../foundation/errors/index.ts";
import type { ModelChoice } from "../foundation/types/index.ts";
import { findRequestFamily } from "../models/families/index.ts";
import type { Family } from "../models/family.ts";
import { resolveModel } from "../models/resolve-model.ts";
import { RefusedRequest } from "./types.ts";

/** A model as a client's requests are translated for it. */
export interface ClientModel {
  /** As the client named it. */
  readonly clientName: string;
  /** As it is asked for. */
  readonly name: string;
  readonly choice: ModelChoice;
  /** The model's own family. */
  readonly family: Family;
}

/** Where models are looked up. Plain data, which a thread can take over. */
export interface ModelPlace {
  readonly region: string;
  /** Names that clients use, and the models that they stand for. */
  readonly mapped?: ReadonlyMap<string, string> | undefined;
  /** Where the region has no other profile of a model, the global one is used. @defaultValue false */
  readonly isGlobalAllowed?: boolean | undefined;
}

/** The models that clients name, each looked up once. */
export class ClientModels {
  readonly place: ModelPlace;
  readonly #known = new Map<string, ClientModel | RefusedRequest>();

  constructor(place: ModelPlace) {
    this.place = place;
  }

  /** @throws RefusedRequest where there is no such model */
  get(clientName: unknown): ClientModel {
    if (typeof clientName !== "string" || clientName === "")
      throw new RefusedRequest({ message: "`model` is missing", code: "MODEL_MISSING", status: 400 });
    const known = this.#known.get(clientName) ?? this.#find(clientName);
    this.#known.set(clientName, known);
    if (known instanceof RefusedRequest) throw known;
    return known;
  }

  #find(clientName: string): ClientModel | RefusedRequest {
    const { region, mapped, isGlobalAllowed = false } = this.place;
    const name = mapped?.get(clientName) ?? clientName;
    try {
      const choice = resolveModel({
        ...{ model: name, region, nowMs: Date.now() },
        ...{ isOnDemandAllowed: true, isGlobalAllowed },
      });
      const family = findRequestFamily(choice.family, "InvokeModel");
      if (family === undefined) throw new HalfpriceError("UNKNOWN_FAMILY", { model: name, families: [] });
      return { clientName, name, choice, family };
    } catch (error) {
      if (!(error instanceof HalfpriceError)) throw error;
      return new RefusedRequest({ message: `${error.message} ${error.fix}`, code: error.code, status: 404 });
    }
  }
}

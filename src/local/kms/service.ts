/** KMS on the wire. */
import type { LocalService } from "../service.ts";
import { makeJsonService } from "../wire/json-service.ts";
import type { World } from "../world.ts";
import { kmsOperations } from "./operations.ts";
import type { KmsStore } from "./store.ts";

export const makeKmsService = (world: World, store: KmsStore): LocalService =>
  makeJsonService(kmsOperations, { world, store });

/** What every operation of STS works with. */
import type { IamStore } from "../iam/store.ts";
import { makeDefiner } from "../operation.ts";
import type { KeyRing } from "../signature/key-ring.ts";
import type { QueryKind } from "../wire/query-service.ts";
import { element, leaf, type Markup } from "../wire/xml.ts";
import type { World } from "../world.ts";
import type { Session, Sessions } from "./sessions.ts";

export interface StsContext {
  readonly world: World;
  readonly roles: IamStore;
  readonly sessions: Sessions;
  readonly keys: KeyRing;
  /** The wall's clock: an expiry is read by clients, who live by it. */
  readonly wallMs: () => number;
}

export type StsKind = QueryKind<StsContext>;

export const defineOperation = makeDefiner<StsKind>();

export const writeCredentials = ({ accessKeyId, secretAccessKey, sessionToken, expiresAtMs }: Session): Markup =>
  element(
    "Credentials",
    leaf("AccessKeyId", accessKeyId),
    leaf("SecretAccessKey", secretAccessKey),
    leaf("SessionToken", sessionToken),
    leaf("Expiration", new Date(expiresAtMs).toISOString().replace(/\.\d{3}/, "")),
  );

import type { PartServices } from "../access/part.ts";
import { openPart } from "../access/part.ts";
import type { PlannedPart } from "../access/plan-parts.ts";
import { recordPart } from "../access/setup-record.ts";
import { openBucketSettings } from "../aws/bucket-settings.ts";
import { openIamDocuments } from "../aws/iam-documents.ts";
import { isRefusal } from "../aws/wrap-error.ts";
import { openLazyKeys } from "../doctor/lazy-keys.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { identify, openWorkspace, type Session, toOrigin } from "../workspace/session.ts";
import { recordPath } from "../workspace/setup-record.ts";
import { planSetup, type SetupPlan } from "./plan-setup.ts";
import type { SetupRequest } from "./setup-scope.ts";
import { waitForRole } from "./wait-for-role.ts";

/** Setup, opened: first it says what it would do, then it does it. */
export interface OpenedSetup {
  readonly plan: SetupPlan;
  /** Makes and changes what the plan says, each noted before it is written. @param onDone after each part */
  apply(onDone: (part: PlannedPart) => void): Promise<void>;
  readonly close: () => void;
}

/** Opens the services that setup needs, and finds out who is calling. Close them after use. */
export async function openServices(session: Session): Promise<{
  readonly identity: Awaited<ReturnType<typeof identify>>;
  readonly services: PartServices;
  readonly close: () => void;
}> {
  const identity = await identify(session);
  const buckets = openBucketSettings(session.connection, identity.accountId, identity.region);
  const iam = openIamDocuments(session.connection);
  const keys = openLazyKeys({ ...session.connection, region: identity.region });
  return {
    identity,
    services: { buckets, iam, keys, callerArn: identity.arn },
    close() {
      buckets.close();
      iam.close();
      keys.close();
    },
  };
}

const notKnownYet = [
  ...["NoSuchBucket", "OperationAborted", "NoSuchEntityException", "ConcurrentModification"],
  // A key's policy that names a role which KMS does not know yet: its words are those of a principal that is not there (unconfirmed).
  "MalformedPolicyDocumentException",
];

/** A new bucket or role is not known everywhere at once: what is said of it in the next second may be refused. */
async function writePatiently(write: () => Promise<void>, { sleep }: Pick<Session, "sleep">): Promise<void> {
  for (const waitMs of [1_000, 2_000, 4_000, 8_000]) {
    try {
      return await write();
    } catch (error) {
      if (!isRefusal(error, ...notKnownYet)) throw error;
      await sleep(waitMs);
    }
  }
  return write();
}

/** Who runs jobs need not be who may make roles. */
const explainDenial =
  (callerArn: string) =>
  (error: unknown): never => {
    if (isRefusal(error, "AccessDenied", "AccessDeniedException")) {
      const { message } = error.details;
      throw new HalfpriceError("SETUP_DENIED", { callerArn, message }, { cause: error });
    }
    throw error;
  };

/**
 * Plans bucket, role, policies and settings.
 * @param configDirectory where halfprice.config.json goes; undefined: nowhere
 * @throws what planSetup throws; SETUP_DENIED, UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function openSetup(
  session: Session,
  request: SetupRequest,
  configDirectory: string | undefined,
): Promise<OpenedSetup> {
  const { identity, services, close } = await openServices(session);
  try {
    const plan = await planSetup(session, request, identity, services, configDirectory).catch(
      explainDenial(request.caller ?? identity.arn),
    );
    return {
      plan,
      close,
      async apply(onDone) {
        // Makes the workspace, closed to others.
        (await openWorkspace(session.config)).close();
        for (const part of plan.parts) {
          if (part.action === "keep") continue;
          const { key, before = null, after } = part;
          recordPart(recordPath(session.config.workspace), { origin: toOrigin(identity), key, before, after });
          await writePatiently(() => openPart(key, services).write(after, part.before), session).catch(
            explainDenial(plan.callerArn),
          );
          onDone(part);
        }
        const role = plan.parts.find(({ key }) => key.kind === "role");
        if (role?.action === "create") await waitForRole(session, identity, services.iam, plan.scope.roleArn);
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

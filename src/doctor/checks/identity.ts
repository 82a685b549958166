import { bedrockKey } from "../../aws/environment/variables.ts";
import type { Identity } from "../../aws/sts.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type CheckResult, fail, pass, warn } from "./check.ts";

/** Who is calling. The first thing to know: half of all surprises are another profile's keys. */
export function checkIdentity({ accountId, arn, region }: Identity): CheckResult {
  const finding = `${arn}, account ${accountId}, ${region}`;
  if (!arn.endsWith(":root")) return pass("identity", finding);
  return warn("identity", `${finding}: the account's root, which no policy holds back`, {
    fix: "use a role or user of its own: halfprice setup --print has the policy that it needs",
  });
}

/**
 * Whether Bedrock sees the same caller as the other services. A Bedrock API key signs its calls alone, and belongs to a user of its
 * own (`BedrockAPIKey-…`) or to whoever made it for a few hours: no call tells which.
 * @param key the environment's; undefined or empty where there is none
 */
export function checkBedrockKey({ arn }: Identity, key: string | undefined): CheckResult {
  if (key === undefined || key === "")
    return pass("bedrock identity", "Bedrock sees the same caller as the other services");
  return warn(
    "bedrock identity",
    `${bedrockKey} is set: calls of Bedrock are signed with that API key, and S3, STS and IAM see ${arn}; rights that are looked at here are of the latter`,
    { fix: `unset ${bedrockKey}, unless its owner may do what setup prints: halfprice setup --print` },
  );
}

const minuteMs = 60_000;
/** Above this AWS refuses the signature; before it, something is already wrong. @see sources#clock, collected 2026-11-21 */
const refusedSkewMs = 15 * minuteMs;
const oddSkewMs = 5 * minuteMs;

/** Whether this machine's clock agrees with the service's. */
export function checkClock({ serverTimeMs }: Identity, nowMs: number): CheckResult {
  if (serverTimeMs === undefined) return pass("clock", "the service took the signature; it did not say its time");
  const skewMs = nowMs - serverTimeMs;
  const minutes = Math.round(Math.abs(skewMs) / minuteMs);
  const words = `${minutes} minutes ${skewMs > 0 ? "ahead of" : "behind"} the service's`;
  if (Math.abs(skewMs) > refusedSkewMs) return fail("clock", new HalfpriceError("CLOCK", { words }));
  if (Math.abs(skewMs) > oddSkewMs)
    return warn("clock", `this machine's clock is ${words}`, { fix: "set it: sudo timedatectl set-ntp true" });
  return pass("clock", "agrees with the service's within five minutes");
}

/** Whether the credentials last. Jobs go on without them; only following has to wait for new ones. */
export function checkCredentials({ expiresAtMs }: Identity, nowMs: number): CheckResult {
  if (expiresAtMs === undefined) return pass("credentials", "do not end by themselves");
  const minutes = Math.floor((expiresAtMs - nowMs) / minuteMs);
  const finding = `end in ${minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`}`;
  if (minutes >= 60)
    return pass(
      "credentials",
      `${finding}; jobs go on without them, and the same command takes the run up with new ones`,
    );
  return warn("credentials", `${finding}: an upload could be cut off`, {
    fix: "get new ones before a large upload: aws sso login --profile NAME, or assume the role again",
  });
}

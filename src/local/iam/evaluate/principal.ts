/** Who asks, and how a policy of a resource names them. */
import type { Principals } from "./policy.ts";

export type Principal =
  | { readonly kind: "user"; readonly arn: string; readonly accountId: string }
  | {
      readonly kind: "session";
      /** `arn:aws:sts::…:assumed-role/name/session`. */
      readonly arn: string;
      readonly roleArn: string;
      readonly accountId: string;
    }
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "anonymous" };

/**
 * How a resource's policy lets somebody in.
 *   self      by their own ARN, as everybody, or as a service: needs no policy of theirs
 *   role      by the ARN of the role behind the session: no policy of the role's, but session policies and boundary narrow it
 *   account   by their account: which leaves it to their own policies
 */
export type Naming = "self" | "role" | "account";

/** How the element names the principal, or undefined where it does not. */
export function findNaming({ isNot, names }: Principals, principal: Principal): Naming | undefined {
  const aws = names["AWS"] ?? [];
  if (isNot) return isSpared(aws, names["Service"] ?? [], principal) ? undefined : "self";
  if (principal.kind === "service") return (names["Service"] ?? []).includes(principal.service) ? "self" : undefined;
  if (aws.includes("*")) return "self";
  if (principal.kind === "anonymous") return undefined;
  if (aws.includes(principal.arn)) return "self";
  if (principal.kind === "session" && aws.includes(principal.roleArn)) return "role";
  return aws.some((name) => isAccount(name, principal.accountId)) ? "account" : undefined;
}

const isAccount = (name: string, accountId: string): boolean =>
  name === accountId || (/^arn:[\w-]+:iam::\d{12}:root$/.test(name) && name.split(":")[4] === accountId);

/**
 * NotPrincipal spares only whom it names in full: a session by its own ARN, its role's and its account's ("AWS JSON policy
 * elements: NotPrincipal" asks for all of them).
 */
function isSpared(aws: readonly string[], services: readonly string[], principal: Principal): boolean {
  if (principal.kind === "service") return services.includes(principal.service);
  if (aws.includes("*")) return true;
  if (principal.kind === "anonymous") return false;
  const arns = principal.kind === "session" ? [principal.arn, principal.roleArn] : [principal.arn];
  return arns.every((arn) => aws.includes(arn)) && aws.some((name) => isAccount(name, principal.accountId));
}

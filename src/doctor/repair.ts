import { openIamFixer } from "../aws/iam-fixer.ts";
import { openKeyAccess } from "../aws/kms.ts";
import { defined } from "../foundation/defined.ts";
import type { Session } from "../workspace/session.ts";
import type { NamedResult } from "./check-account.ts";
import type { Repair, StatementText } from "./checks/check.ts";

/** A change that would be made: what it is in words, and the document as it would be. */
export interface PlannedRepair {
  readonly repair: Repair;
  /** `add to the inline policy halfprice-files of arn:…`. */
  readonly words: string;
  /** What comes in; nothing goes out. */
  readonly statements: readonly StatementText[];
}

/** What `--fix` would do about results: one change for each policy. */
export function planRepairs(results: readonly NamedResult[]): readonly PlannedRepair[] {
  return results.flatMap(({ repair, paste }) => {
    if (repair === undefined) return [];
    const statements = repair.kind === "trust" ? (paste?.statements ?? []) : repair.statements;
    return [{ repair, words: sayRepair(repair), statements }];
  });
}

function sayRepair(repair: Repair): string {
  switch (repair.kind) {
    case "allow":
      return `add to the inline policy ${repair.policyName} of ${repair.principalArn}`;
    case "trust":
      return `add to the trust policy of the role ${repair.roleName}`;
    default:
      return `add to the policy of the key ${repair.keyArn}`;
  }
}

/** Makes the changes. What is in a policy stays there. @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED */
export async function makeRepairs({ connection }: Session, repairs: readonly PlannedRepair[]): Promise<void> {
  const fixer = openIamFixer(connection);
  try {
    for (const { repair } of repairs) {
      if (repair.kind === "trust") {
        await fixer.putTrustPolicy(repair.roleName, JSON.stringify(repair.policy));
        continue;
      }
      if (repair.kind === "key-policy") {
        await addToKeyPolicy(connection, repair.keyArn, repair.statements);
        continue;
      }
      const { principalArn, policyName } = repair;
      const before = await fixer.findInlinePolicy(principalArn, policyName);
      await fixer.putInlinePolicy(principalArn, policyName, JSON.stringify(addStatements(before, repair.statements)));
    }
  } finally {
    fixer.close();
  }
}

/** A key's policy that cannot be read is not written: what stands there would be lost. @throws SERVICE_REFUSED */
async function addToKeyPolicy(
  connection: Session["connection"],
  keyArn: string,
  statements: readonly StatementText[],
): Promise<void> {
  const region = keyArn.split(":")[3];
  const keys = openKeyAccess({ ...connection, ...defined({ region }) });
  try {
    const before = await keys.readPolicy(keyArn);
    if (before === undefined) return;
    await keys.putPolicy(keyArn, JSON.stringify(addStatements(before, statements)));
  } finally {
    keys.close();
  }
}

/** The policy with the statements in it; a Sid that is taken gets a number, since each may stand once. */
export function addStatements(document: string | undefined, statements: readonly StatementText[]): StatementText {
  const parsed =
    document === undefined ? {} : (JSON.parse(document) as { Statement?: StatementText | StatementText[] });
  const before = [parsed.Statement ?? []].flat();
  const taken = new Set(before.map(({ Sid }) => Sid));
  const added = statements
    .filter((each) => !before.some((other) => isSame(other, each)))
    .map((each) => {
      let sid = String(each["Sid"]);
      for (let number = 2; taken.has(sid); number += 1) sid = `${String(each["Sid"])}${number}`;
      taken.add(sid);
      return { ...each, Sid: sid };
    });
  return { Version: "2012-10-17", ...parsed, Statement: [...before, ...added] };
}

const isSame = (one: StatementText, other: StatementText): boolean =>
  JSON.stringify({ ...one, Sid: "" }) === JSON.stringify({ ...other, Sid: "" });

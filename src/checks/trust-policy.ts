interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const service = "bedrock.amazonaws.com";
const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

/** A pattern with `*` and `?`, as IAM matches it. */
function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

/** Why a trust policy does not let Bedrock assume its role for jobs of an account; undefined where it does. */
export function findTrustProblem(trustPolicy: string, accountId: string, region: string): string | undefined {
  let statements: readonly Statement[];
  try {
    const document = JSON.parse(trustPolicy) as { Statement?: Statement | readonly Statement[] };
    statements = [document.Statement ?? []].flat();
  } catch {
    return "its trust policy is not JSON";
  }
  const admitting = statements.filter(
    ({ Effect, Action }) =>
      Effect === "Allow" && listOf(Action).some((action) => matchesPattern(action.toLowerCase(), "sts:assumerole")),
  );
  const named = admitting.filter(({ Principal }) => namesBedrock(Principal));
  if (named.length === 0) {
    const others = admitting.flatMap(({ Principal }) =>
      typeof Principal === "object" ? Object.values(Principal).flatMap(listOf) : listOf(Principal),
    );
    return others.length === 0
      ? "its trust policy admits nobody"
      : `its trust policy admits ${others.join(", ")}, not ${service}`;
  }
  const problems = named.map(({ Condition }) => findConditionProblem(Condition, accountId, region));
  return problems.includes(undefined) ? undefined : problems[0];
}

function namesBedrock(principal: Statement["Principal"]): boolean {
  if (typeof principal === "string") return principal === "*";
  return listOf(principal?.["Service"]).includes(service);
}

function findConditionProblem(
  conditions: Statement["Condition"],
  accountId: string,
  region: string,
): string | undefined {
  // A job's ARN, with an id that any pattern for jobs of this account and region matches.
  const values: Readonly<Record<string, string>> = {
    "aws:sourceaccount": accountId,
    "aws:sourcearn": `arn:aws:bedrock:${region}:${accountId}:model-invocation-job/abcdefghij12`,
  };
  for (const [operator, keys] of Object.entries(conditions ?? {})) {
    const isLike = /like|arn/i.test(operator);
    for (const [key, wanted] of Object.entries(keys)) {
      const value = values[key.toLowerCase()];
      if (value === undefined || /not/i.test(operator)) continue;
      const fits = listOf(wanted).some((each) => (isLike ? matchesPattern(each, value) : each === value));
      if (!fits)
        return `its condition ${operator} ${key} wants ${listOf(wanted).join(" or ")}; a job of this account gives ${value}`;
    }
  }
  return undefined;
}

import { createHash, createHmac } from "node:crypto";

/** Who calls. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export class KmsRefusal extends Error {
  override readonly name: string;
  constructor(type: string, message: string) {
    super(message);
    this.name = type;
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** One call of KMS, signed by hand (its SDK client is no dependency here). @throws KmsRefusal by the error's type */
export async function callKms(
  { url, region }: { readonly url: string; readonly region: string },
  keys: Keys,
  operation: string,
  input: object,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify(input);
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    host: new URL(url).host,
    "x-amz-date": date,
    "x-amz-target": `TrentService.${operation}`,
  };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const scope = `${date.slice(0, 8)}/${region}/kms/aws4_request`;
  const canonical = ["POST", "/", "", lines.join(""), names, sha256(body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, toSign).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  const response = await fetch(url, { method: "POST", body, headers: { ...headers, authorization } });
  const answer = (await response.json()) as Record<string, unknown>;
  if (response.ok) return answer;
  throw new KmsRefusal(String(answer["__type"]), String(answer["message"]));
}

/** Makes a key. @returns its ARN */
export async function makeKmsKey(
  server: { readonly url: string; readonly region: string },
  keys: Keys,
  policy?: object,
): Promise<string> {
  const input = policy === undefined ? {} : { Policy: JSON.stringify(policy), BypassPolicyLockoutSafetyCheck: true };
  const { KeyMetadata } = (await callKms(server, keys, "CreateKey", input)) as { KeyMetadata: { Arn: string } };
  return KeyMetadata.Arn;
}

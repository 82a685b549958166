/** Which operation a request is, by its method, its address and its parameters. */

import type { Operation, OtherOperation, S3Wire } from "../operation.ts";
import { S3Error } from "./errors.ts";
import type { S3Kind } from "./operation.ts";
import { s3Operations } from "./operations.ts";

export interface Address {
  readonly level: S3Wire["level"];
  readonly bucketName: string;
  readonly key: string;
}

/**
 * `/bucket/key`, or the bucket in the host where the host ends in `.localhost` or is one of S3's own
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html): then a proxy has brought the request here.
 * @throws S3Error InvalidURI where the path is not UTF-8 in percent signs
 */
export function parseAddress(path: string, host: string | undefined): Address {
  const hostBucket =
    /^(.+?)(?:\.s3(?:[.-][a-z0-9-]+)?)?\.localhost(?::\d+)?$/.exec(host ?? "")?.[1] ??
    /^(.+?)\.s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?(?::\d+)?$/.exec(host ?? "")?.[1];
  const full = hostBucket === undefined ? path : `/${hostBucket}${path}`;
  const slash = full.indexOf("/", 1);
  let bucketName: string;
  let key: string;
  try {
    bucketName = decodeURIComponent(slash < 0 ? full.slice(1) : full.slice(1, slash));
    key = slash < 0 ? "" : decodeURIComponent(full.slice(slash + 1));
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new S3Error("InvalidURI", { details: { URI: path } });
  }
  return { level: bucketName === "" ? "service" : key === "" ? "bucket" : "object", bucketName, key };
}

/** One that is served, or one that is known and is not. */
type Known = Operation<S3Kind> | OtherOperation<S3Wire>;

// By name, so that of two that fit as well it is always the same.
const known: readonly Known[] = [...s3Operations.operations, ...s3Operations.notBuilt].sort((a, b) =>
  a.name < b.name ? -1 : 1,
);
const byPlace = new Map<string, Known[]>();
for (const operation of known) {
  const place = `${operation.wire.method} ${operation.wire.level}`;
  byPlace.set(place, [...(byPlace.get(place) ?? []), operation]);
}

/** Parameters that name a sub-resource: with a method that does not go with them they are refused, not overlooked. */
const subResources: ReadonlySet<string> = new Set(
  known
    .flatMap(({ wire: { query = [] } }) => query.slice(0, 1))
    .filter((name) => !name.includes("=") && name !== "partNumber"),
);

/** @throws S3Error MethodNotAllowed */
export function findOperation(
  method: string,
  level: S3Wire["level"],
  params: ReadonlyMap<string, string>,
  headers: Readonly<Record<string, string>>,
): Known {
  const fits = ({ wire: { query = [], header } }: Known): boolean =>
    (header === undefined || headers[header] !== undefined) &&
    query.every((each) => {
      const [name = "", value] = each.split("=");
      return value === undefined ? params.has(name) : params.get(name) === value;
    });
  const weight = ({ wire: { query = [], header } }: Known): number => query.length * 2 + (header === undefined ? 0 : 1);
  const found = (byPlace.get(`${method} ${level}`) ?? [])
    .filter(fits)
    .sort((a, b) => weight(b) - weight(a))
    .at(0);
  const isSubResource = [...params.keys()].some((name) => subResources.has(name));
  if (found === undefined || (isSubResource && found.wire.query === undefined && method !== "HEAD")) {
    throw new S3Error("MethodNotAllowed", { details: { Method: method, ResourceType: level.toUpperCase() } });
  }
  return found;
}

import { partitionOf } from "../../partition.ts";
import { document, element, leaf } from "../../wire/xml.ts";
import { writeOwner } from "../access/owner.ts";
import { makeRight } from "../access/rights.ts";
import { s3Namespace } from "../call.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";

/** Every bucket of the account, or a page of them (`max-buckets`, `prefix`, `bucket-region`). */
export const listBuckets = defineOperation({
  name: "ListBuckets",
  wire: { method: "GET", level: "service" },
  input: { type: "none" },
  rights: {
    actions: ["s3:ListAllMyBuckets"],
    list: (_body, call) => [makeRight(call, "s3:ListAllMyBuckets", "*", "")],
  },
  notes: { served: "in pages, by prefix and region", checked: "max-buckets" },
  act(_body, { params, store, world, request }) {
    if (request.caller.anonymous === true) throw new S3Error("AccessDenied");
    const max = readMaxBuckets(params.get("max-buckets"));
    const prefix = params.get("prefix") ?? "";
    const region = params.get("bucket-region");
    const after = Buffer.from(params.get("continuation-token") ?? "", "base64url").toString("utf8");
    const fitting = store
      .listBuckets()
      .map(({ record }) => record)
      .filter(({ name }) => name.startsWith(prefix) && (after === "" || name > after))
      .filter((record) => region === undefined || record.region === region);
    const page = fitting.slice(0, max);
    const last = page.at(-1);
    const isPaged = params.has("max-buckets") || params.has("prefix") || region !== undefined;
    const buckets = page.map((record) =>
      element(
        "Bucket",
        leaf("Name", record.name),
        leaf("CreationDate", new Date(record.createdAtMs).toISOString()),
        isPaged ? leaf("BucketRegion", record.region) : undefined,
        // In answers since the end of 2025; that general purpose buckets have it is unconfirmed.
        leaf("BucketArn", `arn:${partitionOf(record.region)}:s3:::${record.name}`),
      ),
    );
    const isTruncated = fitting.length > page.length && last !== undefined;
    const body = document(
      ...([
        "ListAllMyBucketsResult",
        s3Namespace,
        writeOwner(world.accountId),
        element("Buckets", ...buckets),
      ] as const),
      isTruncated ? leaf("ContinuationToken", Buffer.from(last.name).toString("base64url")) : undefined,
      params.has("prefix") ? leaf("Prefix", prefix) : undefined,
    );
    return { body };
  },
});

function readMaxBuckets(text: string | undefined): number {
  if (text === undefined) return 10_000;
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 10_000) return Number(text);
  throw new S3Error("InvalidArgument", {
    message: "Argument max-buckets must be an integer between 1 and 10000",
    details: { ArgumentName: "max-buckets", ArgumentValue: text },
  });
}

import type { S3Client } from "@aws-sdk/client-s3";
import { HalfpriceError } from "../foundation/errors/index.ts";

interface RefusedByS3 extends Error {
  readonly Region?: string;
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** How S3 says that a bucket is in another region; HEAD has no body, so there only the status tells. */
const elsewhere = /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|301)$/;

/**
 * Has every call of a client that meets a bucket of another region say so, with the region: whichever call it is, it is no matter of
 * rights, of a missing object or of a redirect.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, known, not read again
 */
export function watchRegion(client: S3Client): S3Client {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (cause) {
        if (!(cause instanceof Error)) throw cause;
        const refused = cause as RefusedByS3;
        const bucketRegion = refused.Region ?? refused.$response?.headers?.["x-amz-bucket-region"];
        const region = await client.config.region();
        const isMoved = refused.$metadata?.httpStatusCode === 301 || elsewhere.test(refused.name);
        const bucket = (args.input as { readonly Bucket?: string }).Bucket;
        if (!isMoved || bucketRegion === undefined || bucketRegion === region || bucket === undefined) throw cause;
        throw new HalfpriceError("BUCKET_REGION", { bucket, bucketRegion, region }, { cause });
      }
    },
    { step: "initialize", name: "halfpriceWatchRegion" },
  );
  return client;
}

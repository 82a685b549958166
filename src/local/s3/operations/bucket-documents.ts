/** Get, put and delete of the settings in `bucket-documents.ts`, which differ only in what that table says. */
import { writeNode } from "../../wire/xml.ts";
import { type BucketDocument, bucketDocuments, fixedDocuments } from "../bucket-documents.ts";
import { getBucket, readXml, type S3Act, s3Namespace } from "../call.ts";
import { S3Error, type S3ErrorCode } from "../errors.ts";

type Missing = { readonly error: S3ErrorCode } | { readonly document: string };

function getMissing(missing: Missing, bucketName: string): string {
  if ("document" in missing) return missing.document;
  throw new S3Error(missing.error, { details: { BucketName: bucketName } });
}

const makeGet =
  (name: string, { missing }: BucketDocument): S3Act =>
  (call) => ({ body: getBucket(call).record.documents[name] ?? getMissing(missing, call.bucketName) });

const makePut =
  (name: string, { root, putStatus, check }: BucketDocument): S3Act =>
  async (call) => {
    const bucket = getBucket(call);
    const kept = check(await readXml(call, root));
    await bucket.saveDocuments({ [name]: writeNode(root, kept, s3Namespace) });
    return { status: putStatus };
  };

const makeDelete =
  (name: string): S3Act =>
  async (call) => {
    await getBucket(call).saveDocuments({ [name]: undefined });
    return { status: 204 };
  };

const makeFixed =
  (missing: Missing): S3Act =>
  (call) => {
    getBucket(call);
    return { body: getMissing(missing, call.bucketName) };
  };

/** By the operation's name. */
export const documentActs: Readonly<Record<string, S3Act>> = Object.fromEntries([
  ...Object.entries<BucketDocument>(bucketDocuments).flatMap(([name, document]) => [
    [document.operations.get, makeGet(name, document)] as const,
    [document.operations.put, makePut(name, document)] as const,
    ...(document.operations.delete === undefined ? [] : [[document.operations.delete, makeDelete(name)] as const]),
  ]),
  ...Object.entries(fixedDocuments).map(([name, missing]) => [name, makeFixed(missing)] as const),
]);

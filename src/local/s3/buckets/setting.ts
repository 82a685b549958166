/** Settings of a bucket that are kept as documents and given back: what reading, writing and removing one does. */
import { writeNode, type XmlNode } from "../../wire/xml.ts";
import { getBucket, type S3Answer, type S3Call, s3Namespace } from "../call.ts";
import { S3Error, type S3ErrorCode } from "../errors.ts";

/** What a bucket has that was never told; or what is answered then. */
export type MissingSetting = { readonly error: S3ErrorCode } | { readonly document: string };

export interface Setting {
  /** What it is kept as. */
  readonly name: string;
  readonly root: string;
  readonly missing: MissingSetting;
  /** @throws S3Error. Returns the element that is kept */
  readonly check: (root: XmlNode) => XmlNode;
}

/** A check that keeps the document as it is. */
export const keepAs =
  (check: (root: XmlNode) => void) =>
  (root: XmlNode): XmlNode => {
    check(root);
    return root;
  };

export const writeSettingDocument = (root: string, inside = ""): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${s3Namespace}">${inside}</${root}>`;

function getMissing(missing: MissingSetting, bucketName: string): string {
  if ("document" in missing) return missing.document;
  throw new S3Error(missing.error, { details: { BucketName: bucketName } });
}

export const readSetting =
  ({ name, missing }: Setting) =>
  (_body: undefined, call: S3Call): S3Answer => ({
    body: getBucket(call).record.documents[name] ?? getMissing(missing, call.bucketName),
  });

export const writeSetting =
  ({ name, root, check }: Setting, status: 200 | 204 = 200) =>
  async (readRoot: () => Promise<XmlNode>, call: S3Call): Promise<S3Answer> => {
    const bucket = getBucket(call);
    const kept = check(await readRoot());
    await bucket.saveDocuments({ [name]: writeNode(root, kept, s3Namespace) });
    return { status };
  };

export const removeSetting =
  ({ name }: Setting) =>
  async (_body: undefined, call: S3Call): Promise<S3Answer> => {
    await getBucket(call).saveDocuments({ [name]: undefined });
    return { status: 204 };
  };

/** Of a setting that can be read and not be changed here. */
export const readFixed =
  (missing: MissingSetting) =>
  (_body: undefined, call: S3Call): S3Answer => {
    getBucket(call);
    return { body: getMissing(missing, call.bucketName) };
  };

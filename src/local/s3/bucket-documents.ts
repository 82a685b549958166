/** Data: the settings of a bucket that are kept as documents and given back: none of them is acted upon but where said. */
import { children, childText, type XmlNode } from "../wire/xml.ts";
import { S3Error, type S3ErrorCode } from "./errors.ts";
import { checkLifecycle } from "./lifecycle.ts";
import { readTagSet } from "./tags.ts";

export interface BucketDocument {
  /** The rest of the operations' names: `Get…`, `Put…`, `Delete…`. */
  readonly operations: { readonly get: string; readonly put: string; readonly delete?: string };
  readonly root: string;
  /** What a bucket has that was never told; or what is answered then. */
  readonly missing: { readonly error: S3ErrorCode } | { readonly document: string };
  readonly putStatus: 200 | 204;
  /** @throws S3Error. Returns the element that is kept */
  readonly check: (root: XmlNode) => XmlNode;
}

const same =
  (check: (root: XmlNode) => void) =>
  (root: XmlNode): XmlNode => {
    check(root);
    return root;
  };

const malformed = (): S3Error => new S3Error("MalformedXML");

const checkEncryption = same((root) => {
  const rules = children(root, "Rule");
  if (rules.length !== 1) throw malformed();
  const applied = children(rules[0] ?? root, "ApplyServerSideEncryptionByDefault")[0];
  const algorithm = applied === undefined ? undefined : childText(applied, "SSEAlgorithm");
  if (applied === undefined || !["AES256", "aws:kms", "aws:kms:dsse"].includes(algorithm ?? "")) throw malformed();
  if (algorithm === "AES256" && children(applied, "KMSMasterKeyID").length > 0) {
    throw new S3Error("InvalidArgument", {
      message: "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
    });
  }
});

const methods = ["GET", "PUT", "POST", "DELETE", "HEAD"];

const checkCors = same((root) => {
  const rules = children(root, "CORSRule");
  if (rules.length === 0 || rules.length > 100) throw malformed();
  for (const rule of rules) {
    const allowed = children(rule, "AllowedMethod").map(({ text }) => text);
    if (allowed.length === 0 || children(rule, "AllowedOrigin").length === 0) throw malformed();
    const stranger = allowed.find((method) => !methods.includes(method));
    if (stranger === undefined) continue;
    throw new S3Error("InvalidRequest", {
      message: `Found unsupported HTTP method in CORS config. Unsupported method is ${stranger}`,
    });
  }
});

const flags = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/** What is left out is false. */
function checkPublicAccessBlock(root: XmlNode): XmlNode {
  const values = flags.map((name) => [name, (childText(root, name) ?? "false").trim().toLowerCase()] as const);
  if (values.some(([, value]) => value !== "true" && value !== "false")) throw malformed();
  return {
    text: "",
    children: new Map(values.map(([name, value]) => [name, [{ text: value, children: new Map<string, XmlNode[]>() }]])),
  };
}

const ownerships = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];

const checkOwnership = same((root) => {
  const rules = children(root, "Rule");
  if (rules.length !== 1 || rules[0] === undefined) throw malformed();
  if (!ownerships.includes(childText(rules[0], "ObjectOwnership") ?? "")) throw malformed();
});

/** Removing with a second factor needs one: not built, and not to be overlooked. */
function checkVersioning(root: XmlNode): XmlNode {
  const status = childText(root, "Status")?.trim();
  if (status === undefined) throw new S3Error("IllegalVersioningConfigurationException");
  if (status !== "Enabled" && status !== "Suspended") throw malformed();
  if (childText(root, "MfaDelete")?.trim() === "Enabled")
    throw new S3Error("NotImplemented", { details: { Header: "x-amz-mfa" } });
  return { text: "", children: new Map([["Status", [{ text: status, children: new Map<string, XmlNode[]>() }]]]) };
}

const open = (root: string, inside = ""): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</${root}>`;

/** By the sub-resource. */
export const bucketDocuments = {
  encryption: {
    operations: { get: "GetBucketEncryption", put: "PutBucketEncryption", delete: "DeleteBucketEncryption" },
    root: "ServerSideEncryptionConfiguration",
    // Every bucket has been encrypted with S3's own keys since January 2023.
    missing: {
      document: open(
        "ServerSideEncryptionConfiguration",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>",
      ),
    },
    putStatus: 200,
    check: checkEncryption,
  },
  lifecycle: {
    operations: {
      get: "GetBucketLifecycleConfiguration",
      put: "PutBucketLifecycleConfiguration",
      delete: "DeleteBucketLifecycle",
    },
    root: "LifecycleConfiguration",
    missing: { error: "NoSuchLifecycleConfiguration" },
    putStatus: 200,
    check: checkLifecycle,
  },
  tagging: {
    operations: { get: "GetBucketTagging", put: "PutBucketTagging", delete: "DeleteBucketTagging" },
    root: "Tagging",
    missing: { error: "NoSuchTagSet" },
    putStatus: 204,
    check: same((root) => void readTagSet(root, 50)),
  },
  cors: {
    operations: { get: "GetBucketCors", put: "PutBucketCors", delete: "DeleteBucketCors" },
    root: "CORSConfiguration",
    missing: { error: "NoSuchCORSConfiguration" },
    putStatus: 200,
    check: checkCors,
  },
  publicAccessBlock: {
    operations: { get: "GetPublicAccessBlock", put: "PutPublicAccessBlock", delete: "DeletePublicAccessBlock" },
    root: "PublicAccessBlockConfiguration",
    missing: { error: "NoSuchPublicAccessBlockConfiguration" },
    putStatus: 200,
    check: checkPublicAccessBlock,
  },
  ownershipControls: {
    operations: {
      get: "GetBucketOwnershipControls",
      put: "PutBucketOwnershipControls",
      delete: "DeleteBucketOwnershipControls",
    },
    root: "OwnershipControls",
    missing: { error: "OwnershipControlsNotFoundError" },
    putStatus: 200,
    check: checkOwnership,
  },
  versioning: {
    operations: { get: "GetBucketVersioning", put: "PutBucketVersioning" },
    root: "VersioningConfiguration",
    missing: { document: open("VersioningConfiguration") },
    putStatus: 200,
    check: checkVersioning,
  },
} as const satisfies Record<string, BucketDocument>;

/** What a new bucket has: all public access blocked, and its owner owning what others put (both since April 2023). */
export const newBucketDocuments = (ownership: string): Readonly<Record<string, string>> => ({
  publicAccessBlock: open("PublicAccessBlockConfiguration", flags.map((name) => `<${name}>true</${name}>`).join("")),
  ownershipControls: open("OwnershipControls", `<Rule><ObjectOwnership>${ownership}</ObjectOwnership></Rule>`),
});

/** Settings that can be read and not be changed here: every bucket has them as a new one does. */
export const fixedDocuments: Readonly<Record<string, { readonly error: S3ErrorCode } | { readonly document: string }>> =
  {
    GetBucketLogging: { document: open("BucketLoggingStatus") },
    GetBucketNotificationConfiguration: { document: open("NotificationConfiguration") },
    GetBucketAccelerateConfiguration: { document: open("AccelerateConfiguration") },
    GetBucketRequestPayment: { document: open("RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>") },
    GetBucketWebsite: { error: "NoSuchWebsiteConfiguration" },
    GetBucketReplication: { error: "ReplicationConfigurationNotFoundError" },
    GetObjectLockConfiguration: { error: "ObjectLockConfigurationNotFoundError" },
  };

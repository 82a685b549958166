import { children, childText, parseXml, writeNode, type XmlNode } from "../../wire/xml.ts";
import { readCannedAcl } from "../access/acl.ts";
import { toBucket } from "../access/rights.ts";
import { isBucketName } from "../buckets/bucket-name.ts";
import { newBucketSettings } from "../buckets/new-bucket-settings.ts";
import { type S3Call, s3Namespace } from "../call.ts";
import { S3Error } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { readTagSet } from "../tags.ts";

/** Makes a bucket in the region that the document names; `us-east-1` has no name there, and no document. */
export const createBucket = defineOperation({
  name: "CreateBucket",
  wire: { method: "PUT", level: "bucket" },
  input: { type: "text" },
  rights: toBucket("s3:CreateBucket", {
    isMade: true,
    byHeader: { "x-amz-acl": "s3:PutBucketAcl", "x-amz-object-ownership": "s3:PutBucketOwnershipControls" },
  }),
  notes: {
    served: "in any region, with ownership, tags and a canned ACL",
    checked: "name, region against the endpoint's",
    notBuilt: "object lock, directory buckets, x-amz-grant-*",
    differs: "names are taken within the data directory, not in the world",
  },
  async act(readBody, call) {
    const { bucketName, store, world, request, headers } = call;
    if (!isBucketName(bucketName)) throw new S3Error("InvalidBucketName", { details: { BucketName: bucketName } });
    if (request.caller.anonymous === true) throw new S3Error("AccessDenied");
    if (headers["x-amz-bucket-object-lock-enabled"]?.toLowerCase() === "true") {
      throw new S3Error("NotImplemented", { details: { Header: "x-amz-bucket-object-lock-enabled" } });
    }
    const ownership = readOwnership(headers["x-amz-object-ownership"]);
    const acl = readCannedAcl(headers["x-amz-acl"]);
    if (acl !== undefined && acl !== "private" && ownership === "BucketOwnerEnforced") {
      throw new S3Error("InvalidBucketAclWithObjectOwnership");
    }
    const { region, tagging } = readConfiguration(await readBody(), call);
    const isMade = await store.createBucket({
      name: bucketName,
      region,
      ownerId: request.caller.accountId,
      createdAtMs: world.clock.nowMs(),
      documents: {
        ...newBucketSettings(ownership),
        ...(acl !== undefined && { acl }),
        ...(tagging !== undefined && { tagging }),
      },
    });
    if (!isMade && !isHarmlessRepeat(call, region)) {
      throw new S3Error("BucketAlreadyOwnedByYou", { details: { BucketName: bucketName } });
    }
    return {
      headers: { location: region === "us-east-1" ? `/${bucketName}` : `http://${bucketName}.s3.amazonaws.com/` },
    };
  },
});

/** In us-east-1 making a bucket that is one's own already is no error ("CreateBucket", S3 API reference). */
function isHarmlessRepeat({ store, bucketName }: S3Call, region: string): boolean {
  return region === "us-east-1" && store.findBucket(bucketName)?.record.region === region;
}

function readConfiguration(text: string, call: S3Call): { region: string; tagging?: string } {
  const endpoint = call.request.region;
  if (text.trim() === "") {
    // An endpoint other than the first one wants to hear its own name.
    if (endpoint !== "us-east-1" && call.request.caller.accessKeyId !== undefined) {
      throw new S3Error("IllegalLocationConstraintException");
    }
    return { region: endpoint };
  }
  const parsed = parseXml(text);
  if (parsed?.name !== "CreateBucketConfiguration") throw new S3Error("MalformedXML");
  const { root } = parsed;
  if (children(root, "Bucket").length > 0)
    throw new S3Error("NotImplemented", { message: "The local service does not serve directory buckets." });
  const tags = children(root, "Tags")[0];
  const tagging = tags === undefined ? undefined : writeTagging(tags);
  const constraint = childText(root, "LocationConstraint") ?? "";
  const region = readRegion(constraint, endpoint);
  return { region, ...(tagging !== undefined && { tagging }) };
}

/** The tags that come with the bucket, as the document that PutBucketTagging would keep. */
function writeTagging(tags: XmlNode): string {
  const tagging: XmlNode = { text: "", children: new Map([["TagSet", [tags]]]) };
  readTagSet(tagging, 50, true);
  return writeNode("Tagging", tagging, s3Namespace);
}

/** `EU` is the old name of eu-west-1. */
function readRegion(constraint: string, endpoint: string): string {
  if (constraint === "") return endpoint;
  const region = constraint === "EU" ? "eu-west-1" : constraint;
  if (region === "us-east-1" || !/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region)) {
    throw new S3Error("InvalidLocationConstraint", { details: { LocationConstraint: constraint } });
  }
  if (endpoint !== "us-east-1" && region !== endpoint) {
    throw new S3Error("IllegalLocationConstraintException", {
      message: `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    });
  }
  return region;
}

function readOwnership(header: string | undefined): string {
  if (header === undefined) return "BucketOwnerEnforced";
  if (["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"].includes(header)) return header;
  throw new S3Error("InvalidArgument", {
    message: `Invalid x-amz-object-ownership header: ${header}`,
    details: { ArgumentName: "x-amz-object-ownership", ArgumentValue: header },
  });
}

/** Data: every error that S3 answers here, with its status and words ("List of error codes", S3 API reference). */

interface ErrorWords {
  readonly status: number;
  readonly message: string;
}

const error = (status: number, message: string): ErrorWords => ({ status, message });

export const s3Errors = {
  AccessControlListNotSupported: error(400, "The bucket does not allow ACLs"),
  AccessDenied: error(403, "Access Denied"),
  AuthorizationHeaderMalformed: error(400, "The authorization header is malformed."),
  BadDigest: error(400, "The Content-MD5 you specified did not match what we received."),
  BadRequest: error(400, "Bad Request"),
  BucketAlreadyExists: error(
    409,
    "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
  ),
  BucketAlreadyOwnedByYou: error(
    409,
    "Your previous request to create the named bucket succeeded and you already own it.",
  ),
  BucketNotEmpty: error(409, "The bucket you tried to delete is not empty"),
  ConditionalRequestConflict: error(409, "The conditional request cannot succeed due to a conflicting operation."),
  EntityTooLarge: error(400, "Your proposed upload exceeds the maximum allowed size"),
  EntityTooSmall: error(400, "Your proposed upload is smaller than the minimum allowed size"),
  IllegalLocationConstraintException: error(
    400,
    "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.",
  ),
  IllegalVersioningConfigurationException: error(400, "The Versioning element must be specified"),
  IncompleteBody: error(400, "The request body terminated unexpectedly"),
  InternalError: error(500, "We encountered an internal error. Please try again."),
  InvalidArgument: error(400, "Invalid Argument"),
  InvalidBucketName: error(400, "The specified bucket is not valid."),
  InvalidBucketAclWithObjectOwnership: error(
    400,
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  ),
  InvalidChunkSizeError: error(403, "Only the last chunk is allowed to have a size less than 8192 bytes"),
  InvalidDigest: error(400, "The Content-MD5 you specified was invalid."),
  InvalidEncryptionAlgorithmError: error(400, "The Encryption request you specified is not valid."),
  InvalidLocationConstraint: error(400, "The specified location-constraint is not valid"),
  InvalidBucketState: error(409, "The request is not valid for the current state of the bucket."),
  InvalidPart: error(
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  ),
  InvalidPartNumber: error(416, "The requested partnumber is not satisfiable"),
  InvalidPartOrder: error(400, "The list of parts was not in ascending order. Parts must be ordered by part number."),
  InvalidRange: error(416, "The requested range is not satisfiable"),
  InvalidRequest: error(400, "Invalid Request"),
  InvalidStorageClass: error(400, "The storage class you specified is not valid"),
  InvalidTag: error(400, "The tag provided was not a valid tag."),
  InvalidURI: error(400, "Couldn't parse the specified URI."),
  "KMS.DisabledException": error(400, "The key is disabled."),
  "KMS.KMSInvalidStateException": error(400, "The key is pending deletion."),
  "KMS.NotFoundException": error(400, "The key does not exist."),
  KeyTooLongError: error(400, "Your key is too long"),
  MalformedACLError: error(
    400,
    "The XML you provided was not well-formed or did not validate against our published schema",
  ),
  MalformedPolicy: error(400, "Policies must be valid JSON and the first byte must be '{'"),
  MalformedTrailerError: error(
    400,
    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
  ),
  MalformedXML: error(400, "The XML you provided was not well-formed or did not validate against our published schema"),
  MaxMessageLengthExceeded: error(400, "Your request was too big."),
  MetadataTooLarge: error(400, "Your metadata headers exceed the maximum allowed metadata size"),
  MethodNotAllowed: error(405, "The specified method is not allowed against this resource."),
  MissingContentLength: error(411, "You must provide the Content-Length HTTP header."),
  MissingRequestBodyError: error(400, "Request Body is empty"),
  NoSuchBucket: error(404, "The specified bucket does not exist"),
  NoSuchBucketPolicy: error(404, "The bucket policy does not exist"),
  NoSuchCORSConfiguration: error(404, "The CORS configuration does not exist"),
  NoSuchKey: error(404, "The specified key does not exist."),
  NoSuchLifecycleConfiguration: error(404, "The lifecycle configuration does not exist"),
  NoSuchPublicAccessBlockConfiguration: error(404, "The public access block configuration was not found"),
  NoSuchTagSet: error(404, "The TagSet does not exist"),
  NoSuchUpload: error(
    404,
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
  ),
  NoSuchVersion: error(404, "The specified version does not exist."),
  NoSuchWebsiteConfiguration: error(404, "The specified bucket does not have a website configuration"),
  NotImplemented: error(501, "A header you provided implies functionality that is not implemented"),
  NotModified: error(304, "Not Modified"),
  ObjectLockConfigurationNotFoundError: error(404, "Object Lock configuration does not exist for this bucket"),
  OwnershipControlsNotFoundError: error(404, "The bucket ownership controls were not found"),
  PermanentRedirect: error(
    301,
    "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
  ),
  PreconditionFailed: error(412, "At least one of the pre-conditions you specified did not hold"),
  ReplicationConfigurationNotFoundError: error(404, "The replication configuration was not found"),
  RequestTimeout: error(
    400,
    "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
  ),
  ServerSideEncryptionConfigurationNotFoundError: error(404, "The server side encryption configuration was not found"),
  SignatureDoesNotMatch: error(
    403,
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  ),
  XAmzContentSHA256Mismatch: error(400, "The provided 'x-amz-content-sha256' header does not match what was computed."),
} as const satisfies Record<string, ErrorWords>;

export type S3ErrorCode = keyof typeof s3Errors;

/** Thrown by an operation, answered by the service. */
export class S3Error extends Error {
  override readonly name = "S3Error";
  readonly code: S3ErrorCode;
  readonly status: number;
  /** Further elements of the answer, by name. */
  readonly details: Readonly<Record<string, string>>;
  /** Further headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: S3ErrorCode,
    options: {
      readonly message?: string;
      readonly details?: Readonly<Record<string, string>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(options.message ?? s3Errors[code].message);
    this.code = code;
    this.status = s3Errors[code].status;
    this.details = options.details ?? {};
    this.headers = options.headers ?? {};
  }
}

/** One thing that somebody wants to do. */
export interface AccessRequest {
  /** `s3:GetObject`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** As `aws:RequestedRegion`. */
  readonly region: string;
  /** Further condition keys; those without a value are left out. */
  readonly keys?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  /** The bucket whose policy is asked too. */
  readonly bucket?: string | undefined;
  /** The trust policy that has to allow it, of the role that is the resource. */
  readonly trust?: string | undefined;
  /** The policy of the KMS key that is the resource: it has to allow, or to leave it to the principal's own. */
  readonly keyPolicy?: string | undefined;
  /** How the message writes the resource; the ARN as it is where left out, no resource at all where empty. */
  readonly shown?: string | undefined;
}

/** Versions: buckets here have none, and the one version of an object is called `null`, as in S3. */
import { S3Error } from "./errors.ts";

/** @throws S3Error NoSuchVersion for any other name that could be one, InvalidArgument for the empty one */
export function checkVersion(versionId: string | undefined): void {
  if (versionId === undefined || versionId === "null") return;
  if (versionId !== "") {
    throw new S3Error("InvalidArgument", {
      message: "Invalid version id specified",
      details: { ArgumentName: "versionId", ArgumentValue: versionId },
    });
  }
  throw new S3Error("InvalidArgument", {
    message: "Version id cannot be the empty string",
    details: { ArgumentName: "versionId", ArgumentValue: versionId },
  });
}

/** The rules for names of general purpose buckets ("Bucket naming rules", S3 user guide). */

const prohibitedStarts = ["xn--", "sthree-"];
const prohibitedEnds = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !prohibitedStarts.some((start) => name.startsWith(start)) &&
    !prohibitedEnds.some((end) => name.endsWith(end))
  );
}

/** Whether a path names an object of S3: `s3://bucket/key`. */
export const isObjectUri = (path: string): boolean => /^s3:\/\/[^/]+\/.*[^/]$/.test(path);

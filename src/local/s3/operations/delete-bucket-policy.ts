import { getBucket, type S3Act } from "../call.ts";

export const deleteBucketPolicy: S3Act = async (call) => {
  await getBucket(call).saveDocuments({ policy: undefined });
  return { status: 204 };
};

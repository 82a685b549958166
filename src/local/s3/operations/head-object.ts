import { getBucket, type S3Act } from "../call.ts";
import { describeObject } from "./get-object.ts";

/** What GetObject would answer, without the bytes. */
export const headObject: S3Act = (call) => describeObject(call, getBucket(call)).answer;

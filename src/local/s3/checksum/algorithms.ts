/** Data: the checksums that S3 knows, how each is named on the wire, and what computes it. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { ChecksumAlgorithm, ChecksumType } from "../store/entry.ts";
import { makeCrc32c, makeCrc64Nvme } from "./crc.ts";

export interface RunningChecksum {
  update(chunk: Uint8Array): void;
  /** Base64. */
  digest(): string;
}

interface AlgorithmWords {
  readonly header: string;
  /** In XML, and in the answers of the SDKs. */
  readonly element: string;
  readonly sizeBytes: number;
  /** What an upload in parts may ask for, its default first ("Checking object integrity", S3 user guide). */
  readonly types: readonly [ChecksumType, ...ChecksumType[]];
  readonly make: () => RunningChecksum;
}

function makeCrc32(): RunningChecksum {
  let value = 0;
  return {
    update(chunk) {
      value = crc32(chunk, value);
    },
    digest() {
      const out = Buffer.alloc(4);
      out.writeUInt32BE(value);
      return out.toString("base64");
    },
  };
}

const fromBuffer = (crc: { update(chunk: Uint8Array): void; digest(): Buffer }): RunningChecksum => ({
  update: (chunk) => crc.update(chunk),
  digest: () => crc.digest().toString("base64"),
});

function fromHash(name: string): RunningChecksum {
  const hash = createHash(name);
  return {
    update(chunk) {
      hash.update(chunk);
    },
    digest: () => hash.digest("base64"),
  };
}

export const algorithms: Readonly<Record<ChecksumAlgorithm, AlgorithmWords>> = {
  CRC32: {
    header: "x-amz-checksum-crc32",
    element: "ChecksumCRC32",
    sizeBytes: 4,
    types: ["COMPOSITE", "FULL_OBJECT"],
    make: makeCrc32,
  },
  CRC32C: {
    header: "x-amz-checksum-crc32c",
    element: "ChecksumCRC32C",
    sizeBytes: 4,
    types: ["COMPOSITE", "FULL_OBJECT"],
    make: () => fromBuffer(makeCrc32c()),
  },
  CRC64NVME: {
    header: "x-amz-checksum-crc64nvme",
    element: "ChecksumCRC64NVME",
    sizeBytes: 8,
    types: ["FULL_OBJECT"],
    make: () => fromBuffer(makeCrc64Nvme()),
  },
  SHA1: {
    header: "x-amz-checksum-sha1",
    element: "ChecksumSHA1",
    sizeBytes: 20,
    types: ["COMPOSITE"],
    make: () => fromHash("sha1"),
  },
  SHA256: {
    header: "x-amz-checksum-sha256",
    element: "ChecksumSHA256",
    sizeBytes: 32,
    types: ["COMPOSITE"],
    make: () => fromHash("sha256"),
  },
};

export const algorithmNames = Object.keys(algorithms) as ChecksumAlgorithm[];

export const findAlgorithm = (name: string): ChecksumAlgorithm | undefined =>
  algorithmNames.find((each) => each === name);

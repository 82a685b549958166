/** The checksum that a request says its body has: in a header, in a trailer, or only by name. */
import { S3Error } from "../errors.ts";
import type { ChecksumAlgorithm } from "../store/entry.ts";
import { algorithmNames, algorithms, findAlgorithm } from "./algorithms.ts";

export type Declared =
  | { readonly source: "header"; readonly algorithm: ChecksumAlgorithm; readonly value: string }
  | { readonly source: "trailer"; readonly algorithm: ChecksumAlgorithm; readonly header: string };

/** @throws S3Error InvalidRequest for more than one, an unknown one, or a value that cannot be one */
export function findDeclared(headers: Readonly<Record<string, string>>): Declared | undefined {
  const given = algorithmNames.filter((name) => headers[algorithms[name].header] !== undefined);
  if (given.length > 1) {
    throw new S3Error("InvalidRequest", {
      message: "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    });
  }
  const asked = readAskedAlgorithm(headers["x-amz-sdk-checksum-algorithm"]);
  const [algorithm] = given;
  if (algorithm !== undefined) {
    if (asked !== undefined && asked !== algorithm) {
      throw new S3Error("InvalidRequest", { message: "Value for x-amz-sdk-checksum-algorithm header is invalid." });
    }
    const { header } = algorithms[algorithm];
    return { source: "header", algorithm, value: readChecksumValue(algorithm, headers[header] ?? "", header) };
  }
  const trailer = findTrailer(headers["x-amz-trailer"]);
  if (trailer !== undefined) return trailer;
  if (asked === undefined) return undefined;
  throw new S3Error("InvalidRequest", {
    message:
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
  });
}

/** @throws S3Error InvalidRequest where it is not the base64 of that number of bytes */
export function readChecksumValue(algorithm: ChecksumAlgorithm, value: string, header: string): string {
  const bytes = Buffer.from(value, "base64");
  if (bytes.byteLength === algorithms[algorithm].sizeBytes && bytes.toString("base64") === value) return value;
  throw new S3Error("InvalidRequest", { message: `Value for ${header} header is invalid.` });
}

function readAskedAlgorithm(text: string | undefined): ChecksumAlgorithm | undefined {
  if (text === undefined) return undefined;
  const algorithm = findAlgorithm(text.toUpperCase());
  if (algorithm !== undefined) return algorithm;
  throw new S3Error("InvalidRequest", { message: "Value for x-amz-sdk-checksum-algorithm header is invalid." });
}

function findTrailer(header: string | undefined): Declared | undefined {
  if (header === undefined) return undefined;
  const names = header.split(",").map((name) => name.trim().toLowerCase());
  const algorithm = algorithmNames.find((name) => names.includes(algorithms[name].header));
  if (algorithm === undefined) {
    throw new S3Error("InvalidRequest", {
      message: "The value specified in the x-amz-trailer header is not supported",
    });
  }
  return { source: "trailer", algorithm, header: algorithms[algorithm].header };
}

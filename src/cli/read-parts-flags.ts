import { parseBytes, partFlags, readPartSize } from "../library/parts/part-size.ts";
import type { PartSize } from "../run/parts/part-list.ts";
import type { PartsFlags } from "./options.ts";

const toNumber = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** How a run is done in parts, as the line says. @throws BAD_OPTIONS */
export function readPartsFlags(
  { partFiles, partBytes, removeJoined, workers: asked }: PartsFlags,
  command: string,
): { readonly size: PartSize | undefined; readonly workers: number | undefined } {
  const workers = toNumber(asked);
  const bytes = partBytes === undefined ? undefined : parseBytes(partBytes);
  return {
    size: readPartSize({ files: toNumber(partFiles), bytes, workers, removesJoined: removeJoined }, command, partFlags),
    workers,
  };
}

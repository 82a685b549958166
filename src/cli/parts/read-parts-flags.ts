import { parseBytes, partFlags, readPartSize } from "../../library/parts/part-size.ts";
import type { PartSize } from "../../run/parts/part-list.ts";
import type { PartsFlags } from "../options.ts";

const toNumber = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** How a run is done in parts, as the line says. @throws BAD_OPTIONS */
export function readPartsFlags(
  { partFiles, partBytes, removeJoined, workers: given }: PartsFlags,
  command: string,
): { readonly size: PartSize | undefined; readonly workers: number | undefined } {
  const workers = toNumber(given);
  const bytes = partBytes === undefined ? undefined : parseBytes(partBytes);
  const asked = { files: toNumber(partFiles), bytes, workers, removesJoined: removeJoined };
  const written = { files: partFiles, bytes: partBytes, workers: given };
  return { size: readPartSize(asked, command, partFlags, written), workers };
}

import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { commitFile } from "../foundation/commit-file.ts";

/**
 * Takes lines out of a file: written anew beside it, then renamed. Parts that stay together are moved at once.
 * @param dropped numbers of lines, from 0, ascending
 */
export async function dropLines(path: string, dropped: AsyncIterator<number>): Promise<void> {
  const out = createWriteStream(`${path}.tmp`, { highWaterMark: 8 * 1024 * 1024 });
  let line = 0;
  let next = await dropped.next();
  let isInside = false;
  let isDropping = false;
  const write = async (bytes: Buffer): Promise<void> => {
    if (bytes.length > 0 && !out.write(bytes)) await once(out, "drain");
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 4 * 1024 * 1024 }) as AsyncIterable<Buffer>) {
    let keepFrom = isInside && isDropping ? -1 : 0;
    let at = 0;
    while (at < chunk.length) {
      if (!isInside) {
        isDropping = next.done !== true && next.value === line;
        if (isDropping) {
          next = await dropped.next();
          if (keepFrom !== -1) await write(chunk.subarray(keepFrom, at));
          keepFrom = -1;
        } else if (keepFrom === -1) keepFrom = at;
        isInside = true;
      }
      const end = chunk.indexOf(10, at);
      if (end === -1) break;
      at = end + 1;
      line += 1;
      isInside = false;
    }
    if (keepFrom !== -1) await write(chunk.subarray(keepFrom));
  }
  out.end();
  await finished(out);
  commitFile(path);
}

import { crc32, deflateSync } from "node:zlib";

/** A PNG of one color, different for each seed. */
export function makePng(widthPx = 8, heightPx = 8, seed = 0): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([8, 2], 8);
  const line = Buffer.concat([Buffer.alloc(1), Buffer.alloc(widthPx * 3, seed % 256)]);
  const data = deflateSync(Buffer.concat(Array.from({ length: heightPx }, () => line)));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    ...[chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.from(`${seed > 255 ? seed : ""}`))],
  ]);
}

/** A PDF of so many empty pages. */
export function makePdf(pageCount = 1): Buffer {
  const pages = Array.from(
    { length: pageCount },
    (_, index) => `${index + 3} 0 obj <</Type /Page /Parent 2 0 R>> endobj`,
  );
  const kids = pages.map((_, index) => `${index + 3} 0 R`).join(" ");
  return Buffer.from(
    `%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Count ${pageCount} /Kids [${kids}]>> endobj\n${pages.join("\n")}\ntrailer <</Root 1 0 R>>\n%%EOF\n`,
  );
}

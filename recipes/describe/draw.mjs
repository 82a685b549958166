// Draws 128 small pictures of shapes, and pictures.csv, which says what each of its 140 rows shows. Needs nothing but Node.
import { mkdirSync, writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

const sidePx = 160;
const shapes = {
  circle: (x, y, r) => x * x + y * y <= r * r,
  square: (x, y, r) => Math.abs(x) <= r && Math.abs(y) <= r,
  triangle: (x, y, r) => y <= r && y >= -r && Math.abs(x) <= (y + r) / 2,
  cross: (x, y, r) => (Math.abs(x) <= r / 3 && Math.abs(y) <= r) || (Math.abs(y) <= r / 3 && Math.abs(x) <= r),
};
const colors = { red: [214, 40, 40], green: [43, 147, 72], blue: [33, 97, 200], orange: [240, 140, 0] };
const grounds = { light: [250, 250, 246], dark: [24, 24, 32] };

/** A PNG of 8-bit colors. */
function encodePng(pixels) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(sidePx, 0);
  header.writeUInt32BE(sidePx, 4);
  header.set([8, 2], 8);
  const lines = Array.from({ length: sidePx }, (_, y) => [0, ...pixels.slice(y * sidePx, (y + 1) * sidePx).flat()]);
  const parts = [
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.from(lines.flat()))),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...parts]);
}

/** Up to four shapes, each in a quarter of its own. */
function draw(shape, color, count, ground) {
  const middles = [
    [40, 40],
    [120, 120],
    [120, 40],
    [40, 120],
  ].slice(0, count);
  return Array.from({ length: sidePx * sidePx }, (_, at) => {
    const [x, y] = [at % sidePx, Math.floor(at / sidePx)];
    return middles.some(([left, top]) => shapes[shape](x - left, y - top, 28)) ? colors[color] : grounds[ground];
  });
}

mkdirSync("pictures", { recursive: true });
const drawn = Object.keys(shapes).flatMap((shape) =>
  Object.keys(colors).flatMap((color) =>
    [1, 2, 3, 4].flatMap((count) => Object.keys(grounds).map((ground) => ({ shape, color, count, ground }))),
  ),
);
for (const { shape, color, count, ground } of drawn)
  writeFileSync(`pictures/${count}-${color}-${shape}-${ground}.png`, encodePng(draw(shape, color, count, ground)));
// Twelve stand in the table twice, as a logo would: equal pictures under equal prompts are one request.
const rows = [...drawn, ...drawn.slice(0, 12)].map(
  ({ shape, color, count, ground }, index) =>
    `${index + 1},pictures/${count}-${color}-${shape}-${ground}.png,${shape},${color},${count}`,
);
writeFileSync("pictures.csv", `${["id,picture,drawn_shape,drawn_color,drawn_count", ...rows].join("\n")}\n`);

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freezeTable } from "../../src/dataset/freeze-table.ts";
import { expandLines } from "../../src/media/expand-lines.ts";
import { converse } from "../../src/models/families/converse.ts";
import { families } from "../../src/models/families/index.ts";
import type { Prompt } from "../../src/prompt/prompt.ts";
import { bodySql } from "../../src/requests/body-sql.ts";
import { makeRecords } from "../../src/requests/make-records.ts";
import { recordFiles } from "../../src/requests/record-files.ts";
import type { RecordSource } from "../../src/requests/write-lines.ts";
import { openTestEngine } from "../support/engine.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makePdf, makePng } from "../support/pictures.ts";
import { functionOf, templateOf } from "../support/records.ts";

const models = {
  "anthropic-messages": "anthropic.claude-haiku-4-5-20251001-v1:0",
  "amazon-nova": "amazon.nova-lite-v1:0",
  converse: "amazon.nova-lite-v1:0",
  "titan-multimodal-embeddings": "amazon.titan-embed-image-v1",
  "nova-embeddings": "amazon.nova-2-multimodal-embeddings-v1:0",
} as const;
type FamilyName = keyof typeof models;

/** Makes the records of a table in a folder, and their lines as they are sent. */
async function make(
  folder: string,
  table: string,
  prompt: Prompt,
  more: Partial<RecordSource> & { family?: FamilyName; baseId?: string } = {},
) {
  const { family: name = "anthropic-messages", baseId = models[name], ...rest } = more;
  const family = name === "converse" ? converse : families.get(name);
  if (family === undefined) throw new Error("no such family");
  const directory = join(folder, `run-${Math.random()}`);
  mkdirSync(directory);
  const engine = await openTestEngine(folder);
  const frozen = await freezeTable(engine, { path: join(folder, table) }, directory);
  const shape = {
    ...{ family, baseId, parameters: { maxTokens: 50 }, output: undefined },
    invocation: name === "converse" ? ("Converse" as const) : ("InvokeModel" as const),
  };
  const media = { base: folder, fetchObject: () => Promise.resolve(false) };
  const summary = await makeRecords({ engine, table: frozen.table, prompt, shape, directory, media, ...rest });
  const sent = join(directory, "sent.jsonl");
  await expandLines(join(directory, recordFiles.lines), sent, join(directory, recordFiles.media));
  const text = readFileSync(sent, "utf8");
  const lines = text.trimEnd().split("\n");
  const records = lines.map((line) => JSON.parse(line) as { recordId: string; modelInput: Record<string, unknown> });
  return { summary, text, records, bodies: records.map(({ modelInput }) => modelInput), shape, directory };
}

function writePictures(folder: string, count: number, size = 8): Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const png = makePng(size, size, index);
    writeFile(folder, `img/${index}.png`, png);
    return png;
  });
}
const tableOf = (paths: readonly string[]): string =>
  `id,picture,title\n${paths.map((path, index) => `${index},${path},Picture ${index}\n`).join("")}`;

describe("a template with pictures", () => {
  it.each([
    [
      "anthropic-messages",
      (data: string) => ({
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "See " },
              { type: "image", source: { type: "base64", media_type: "image/png", data } },
              { type: "text", text: " called Picture 0." },
            ],
          },
        ],
      }),
    ],
    [
      "amazon-nova",
      (data: string) => ({
        messages: [
          {
            content: [
              { text: "See " },
              { image: { format: "png", source: { bytes: data } } },
              { text: " called Picture 0." },
            ],
          },
        ],
      }),
    ],
    [
      "converse",
      (data: string) => ({
        messages: [
          {
            content: [
              { text: "See " },
              { image: { format: "png", source: { bytes: data } } },
              { text: " called Picture 0." },
            ],
          },
        ],
      }),
    ],
    ["titan-multimodal-embeddings", (data: string) => ({ inputText: "See  called Picture 0.", inputImage: data })],
  ] as const)("%s: the file stands where it was named, and the sizes are those that are sent", async (family, body) => {
    const folder = makeFolder();
    const pngs = writePictures(folder, 3);
    writeFile(folder, "t.csv", tableOf(["img/0.png", "./img/1.png", "img/2.png"]));
    const made = await make(folder, "t.csv", templateOf("See {{image:picture}} called {{title}}."), { family });
    expect(made.bodies[0]).toMatchObject(body((pngs[0] as Buffer).toString("base64")));
    expect(made.summary).toMatchObject({
      recordCount: 3,
      sizeBytes: Buffer.byteLength(made.text),
      maxLineBytes: Math.max(...made.text.split("\n").map((line) => Buffer.byteLength(line) + 1)),
      media: { imageCount: 3, documentCount: 0, fileCount: 3 },
    });
    expect(made.summary.samples[0]?.text).toContain("[image]");
  });

  it("nova-embeddings: a vector is of a picture or of a text", async () => {
    const folder = makeFolder();
    const [png] = writePictures(folder, 1);
    writeFile(folder, "t.csv", tableOf(["img/0.png"]));
    const family = "nova-embeddings";
    const { bodies } = await make(folder, "t.csv", templateOf("{{image:picture}}"), { family });
    expect(bodies[0]).toMatchObject({
      singleEmbeddingParams: { image: { format: "png", source: { bytes: png?.toString("base64") } } },
    });
    expect(bodies[0]?.["singleEmbeddingParams"]).not.toHaveProperty("text");
    const failure = await findFailure(() =>
      make(folder, "t.csv", templateOf("{{image:picture}} {{title}}"), { family }),
    );
    expect(failure).toMatchObject({
      code: "BAD_MEDIA",
      message: expect.stringContaining("a picture or of a text") as string,
    });
  });

  it("equal pictures under equal prompts are one record, whatever the files are called; another picture is another", async () => {
    const folder = makeFolder();
    writePictures(folder, 2);
    writeFile(folder, "img/copy.png", makePng(8, 8, 0));
    writeFile(folder, "t.csv", tableOf(["img/0.png", "img/copy.png", "img/1.png"]));
    const { summary, records } = await make(folder, "t.csv", templateOf("What is {{image:picture}}?"));
    expect(summary).toMatchObject({ recordCount: 2, duplicateCount: 1, media: { fileCount: 2 } });
    expect(new Set(records.map(({ recordId }) => recordId)).size).toBe(2);
  });

  it("a path, a data address and bytes in Parquet give the same record", async () => {
    const folder = makeFolder();
    const [png = Buffer.alloc(0)] = writePictures(folder, 1);
    writeFile(folder, "path.csv", "picture\nimg/0.png\n");
    writeFile(folder, "data.csv", `picture\n"data:image/png;base64,${png.toString("base64")}"\n`);
    const engine = await openTestEngine(folder);
    await engine.run(
      `COPY (SELECT content AS picture FROM read_blob('${folder}/img/0.png')) TO '${folder}/bytes.parquet' (FORMAT parquet)`,
    );
    const ids = [];
    for (const table of ["path.csv", "data.csv", "bytes.parquet"])
      ids.push((await make(folder, table, templateOf("{{image:picture}} What?"))).records[0]?.recordId);
    expect(new Set(ids).size).toBe(1);
    const fromFunction = functionOf((row) => [{ image: row["picture"] ?? "" }, { text: " What?" }]);
    for (const table of ["path.csv", "bytes.parquet"])
      expect((await make(folder, table, fromFunction)).records[0]?.recordId).toBe(ids[0]);
  });

  it("what is missing, broken, no picture or not named is said by its row, all at once; nothing else stops", async () => {
    const folder = makeFolder();
    writePictures(folder, 2);
    writeFile(folder, "img/cut.png", makePng().subarray(0, 40));
    writeFile(folder, "img/text.png", "hello");
    writeFile(folder, "t.csv", tableOf(["img/0.png", "img/no.png", "img/cut.png", "img/text.png", "", "img/1.png"]));
    const prompt = templateOf("{{image:picture}} What is {{title}}?");
    const failure = await findFailure(() => make(folder, "t.csv", prompt));
    expect(failure).toMatchObject({ code: "BAD_MEDIA" });
    expect(failure.message).toMatch(
      /4 rows of 6[\s\S]*row 2: img\/no\.png is not there[\s\S]*row 3: img\/cut\.png is broken[\s\S]*row 4: img\/text\.png is no picture, by its content: txt[\s\S]*row 5: the image: no file is named/,
    );
    const { summary } = await make(folder, "t.csv", prompt, { onMediaError: "skip" });
    expect(summary).toMatchObject({ recordCount: 2, skippedCount: 4, mediaFailures: { count: 4, row: 2 } });
  });

  it.each([
    ["anthropic-messages", makePng(8001, 1), /8001 by 1 pixels; the model takes 8000 by 8000/],
    ["titan-multimodal-embeddings", makePng(2049, 1), /2049 by 1 pixels; the model takes 2048/],
    [
      "titan-multimodal-embeddings",
      Buffer.from("GIF89a\x01\x00\x01\x00\x00\x00\x00;", "latin1"),
      /is gif; the model takes png, jpeg/,
    ],
    [
      "anthropic-messages",
      Buffer.concat([makePng(), Buffer.alloc(4 * 1024 * 1024), makePng()]),
      /has 4 MB; the model takes 3\.8 MB/,
    ],
  ] as const)("%s: a picture beyond the model's limits is refused offline", async (family, picture, words) => {
    const folder = makeFolder();
    writeFile(folder, "img/0.png", picture);
    writeFile(folder, "t.csv", tableOf(["img/0.png"]));
    const failure = await findFailure(() => make(folder, "t.csv", templateOf("{{image:picture}}"), { family }));
    expect(failure).toMatchObject({ code: "BAD_MEDIA", message: expect.stringMatching(words) as string });
  });

  it("more pictures than a request takes are refused, and a model without sight by its name", async () => {
    const folder = makeFolder();
    writePictures(folder, 1);
    writeFile(folder, "t.csv", tableOf(["img/0.png"]));
    const many = await findFailure(() => make(folder, "t.csv", templateOf("{{image:picture}}".repeat(21))));
    expect(many.message).toContain("it has 21 images; a request of the model takes 20");
    const blind = await findFailure(() =>
      make(folder, "t.csv", templateOf("{{image:picture}}"), {
        family: "amazon-nova",
        baseId: "amazon.nova-micro-v1:0",
      }),
    );
    expect(blind).toMatchObject({ code: "MEDIA_NOT_TAKEN", message: "amazon.nova-micro-v1:0 takes no images." });
  });

  it("a cell that is written like a mark stays a text", async () => {
    const folder = makeFolder();
    writePictures(folder, 1);
    const forged = `\uE000halfprice:media:${"0".repeat(64)}:b:1:1\uE001`;
    writeFile(folder, "t.csv", `picture,title\nimg/0.png,${forged}\n`);
    const { text, bodies } = await make(folder, "t.csv", templateOf("{{image:picture}} {{title}}"));
    expect(JSON.stringify(bodies[0])).toContain(forged);
    expect(text.trimEnd().split("\n")).toHaveLength(1);
  });

  it("pictures count by their size, as the model's maker says", async () => {
    const folder = makeFolder();
    writeFile(folder, "img/0.png", makePng(900, 900));
    writeFile(folder, "t.csv", tableOf(["img/0.png"]));
    const tokens = async (family: FamilyName): Promise<number> =>
      (await make(folder, "t.csv", templateOf("{{image:picture}} What?"), { family })).summary.inputTokens;
    // AWS's page of Nova has about 1,300 for 900 by 900; Anthropic's rule gives 1,080.
    expect(await tokens("amazon-nova")).toBeGreaterThan(1250);
    expect(await tokens("amazon-nova")).toBeLessThan(1400);
    expect(await tokens("anthropic-messages")).toBeGreaterThan(1070);
    expect(await tokens("anthropic-messages")).toBeLessThan(1130);
  });
});

describe("a template with documents", () => {
  it("sends a PDF as base64 and a text as the text that it is, and counts pages", async () => {
    const folder = makeFolder();
    writeFile(folder, "a.pdf", makePdf(3));
    writeFile(folder, "b.md", '# Title\n"quoted" \u2028 ü\n');
    writeFile(folder, "t.csv", "file\na.pdf\nb.md\n");
    const prompt = templateOf("Sum up: {{document:file}}");
    const { bodies, summary, text } = await make(folder, "t.csv", prompt);
    expect(summary).toMatchObject({
      sizeBytes: Buffer.byteLength(text),
      media: { imageCount: 0, documentCount: 2, pageCount: 3 },
    });
    const blocks = bodies.map((body) => (body["messages"] as { content: object[] }[])[0]?.content[1]);
    const data = readFileSync(join(folder, "a.pdf")).toString("base64");
    expect(blocks).toMatchObject([
      { type: "document", source: { type: "base64", media_type: "application/pdf", data }, title: "Document 1" },
      { type: "document", source: { type: "text", media_type: "text/plain", data: '# Title\n"quoted" \u2028 ü\n' } },
    ]);
    const nova = await make(folder, "t.csv", prompt, { family: "converse" });
    expect(JSON.stringify(nova.bodies[1])).toContain('"format":"md","name":"Document 1"');
    const own = await findFailure(() => make(folder, "t.csv", prompt, { family: "amazon-nova" }));
    expect(own).toMatchObject({ code: "MEDIA_NOT_TAKEN", fix: "add --invocation converse" });
    const alone = await findFailure(() =>
      make(folder, "t.csv", templateOf("{{document:file}}"), { family: "converse" }),
    );
    expect(alone.message).toContain("a document needs a text beside it");
  });
});

describe("a function that gives pictures", () => {
  it("is called once a row, gives parts, texts or nothing, and its bytes are taken", async () => {
    const folder = makeFolder();
    writePictures(folder, 4);
    writeFile(folder, "t.csv", tableOf(["img/0.png", "img/1.png", "img/2.png", "img/3.png"]));
    const calls: string[] = [];
    const prompt = functionOf((row) => {
      calls.push(String(row["id"]));
      if (row["id"] === "0") return "only a text";
      if (row["id"] === "1") return null;
      if (row["id"] === "2") return { image: makePng(8, 8, 77) };
      return ["Describe", { image: row["picture"] ?? "" }, { text: "please" }];
    });
    const { summary, bodies } = await make(folder, "t.csv", prompt);
    expect(summary).toMatchObject({ recordCount: 3, skippedCount: 1, media: { imageCount: 2 } });
    expect(bodies[0]).toMatchObject({ messages: [{ content: [{ type: "text", text: "only a text" }] }] });
    expect(bodies[1]).toMatchObject({
      messages: [{ content: [{ source: { data: makePng(8, 8, 77).toString("base64") } }] }],
    });
    // The row at which it is seen that there are pictures is asked twice.
    expect(calls.filter((id) => id !== "2" && id !== "1").sort()).toEqual(["0", "3"]);
  });

  it("a part that is none is named", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", "a\n1\n");
    const failure = await findFailure(() =>
      make(
        folder,
        "t.csv",
        functionOf(() => [{ picture: "x" }]),
      ),
    );
    expect(failure).toMatchObject({ code: "PROMPT_FAILED", message: expect.stringContaining("(picture)") as string });
  });
});

it("a body without files has the bytes and the name that it always had, through a function with parts as well", async () => {
  const folder = makeFolder();
  writePictures(folder, 1);
  writeFile(folder, "t.csv", tableOf(["img/0.png", "img/0.png"]));
  const plain = await make(
    folder,
    "t.csv",
    functionOf((row) => `Say ${row["id"] ?? ""}`),
  );
  const mixed = await make(
    folder,
    "t.csv",
    functionOf((row) => (row["id"] === "1" ? [{ image: row["picture"] ?? "" }] : `Say ${row["id"] ?? ""}`)),
  );
  expect(mixed.records[0]).toEqual(plain.records[0]);
  expect(bodySql({ ...mixed.shape, hasMedia: true }).readText(JSON.stringify(mixed.bodies[0]))).toBe("Say 0");
  rmSync(mixed.directory, { recursive: true });
});

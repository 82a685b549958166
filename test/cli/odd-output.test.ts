import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { openCase } from "../support/case-files.ts";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder } from "../support/folder.ts";
import { clientOptions, placeOn } from "../support/local-place.ts";
import { writeTexts } from "../support/local-run.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

interface Store {
  /** The job's answers and its manifest, by their names in its folder. */
  readonly read: (name: string) => Promise<Buffer>;
  readonly write: (name: string, bytes: Buffer | string) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
}

interface Scene {
  readonly rowCount: number;
  readonly halfprice: (...args: string[]) => Promise<CliResult>;
  /** outcome, error, raw and cost of each row of the output. */
  readonly readRows: () => Promise<Record<string, unknown>[]>;
}

const answers = "shard-00001.jsonl.out";
const manifest = "manifest.json.out";

/**
 * Runs a table of 110 rows, or that of a reported case, in a job, lets a test change what the job has left, and gives the command
 * to go on with.
 */
async function openScene(change: (store: Store) => Promise<void>, reported?: string): Promise<Scene> {
  const folder = makeFolder();
  const table = reported === undefined ? writeTexts(folder, 110) : join(openCase(reported, folder), "t.csv");
  const server = await startLocal({ speed: 6000, seed: 1, quotas: ["min-records=3"] });
  onTestFinished(() => server.close());
  const { bucket: Bucket, place } = await placeOn(server);
  const halfprice = (...args: string[]): Promise<CliResult> => runCli(args, folder, { ...server.env });
  const asked = ["--prompt", "Repeat: {{text}}", "--model", "claude-haiku-4.5", "--name", "r", "-o", "out.csv"];
  await halfprice("run", table, ...asked, ...place, "--yes", "--detach");
  const s3 = new S3Client({ ...clientOptions(server), forcePathStyle: true });
  onTestFinished(() => s3.destroy());
  let keys: string[] = [];
  while (!keys.some((key) => key.endsWith(manifest))) {
    await server.whenIdle();
    const { Contents: found = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    keys = found.map(({ Key = "" }) => Key);
  }
  const base = keys.find((key) => key.endsWith(answers))?.slice(0, -answers.length) ?? "";
  await change({
    read: async (name) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `${base}${name}` }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    write: async (name, bytes) => {
      await s3.send(new PutObjectCommand({ Bucket, Key: `${base}${name}`, Body: bytes }));
    },
    remove: async (name) => {
      await s3.send(new DeleteObjectCommand({ Bucket, Key: `${base}${name}` }));
    },
  });
  return {
    rowCount: readFileSync(table, "utf8").trim().split("\n").length - 1,
    halfprice,
    readRows: async () => {
      const engine = await openTestEngine(folder);
      return engine.rows(
        `SELECT answer, _halfprice_outcome AS outcome, _halfprice_error AS error, _halfprice_raw AS raw, TRY_CAST(_halfprice_cost_usd AS DOUBLE) AS usd FROM read_csv('${folder}/out.csv', all_varchar = true)`,
      );
    },
  };
}

/** Changes one line of the answers. */
const changeLine =
  (at: number, change: (line: Buffer) => Buffer) =>
  async ({ read, write }: Store): Promise<void> => {
    const lines = (await read(answers)).toString("latin1").split("\n");
    lines[at] = change(Buffer.from(lines[at] ?? "", "latin1")).toString("latin1");
    await write(answers, Buffer.from(lines.join("\n"), "latin1"));
  };

/** What no row but its own pays for, and what is done with the run afterwards. */
async function expectOneLost(
  { rowCount, halfprice, readRows }: Scene,
  words: RegExp,
  raw: RegExp | null,
): Promise<void> {
  const { code, stderr } = await halfprice("collect", "r");
  expect([code, stderr]).toEqual([4, expect.not.stringContaining("BUG")]);
  const rows = await readRows();
  const bad = rows.filter(({ outcome }) => outcome !== "answered");
  expect([rows.length, bad.length]).toEqual([rowCount, 1]);
  expect(bad[0]?.["error"]).toMatch(words);
  if (raw !== null) expect(bad[0]?.["raw"]).toMatch(raw);
  // The run goes on as any other.
  expect((await halfprice("stop", "r")).code).toBe(0);
  expect((await halfprice("export", "r", "-o", "again.csv")).code).toBe(0);
  const retried = await halfprice("retry", "r", "--below-minimum", "on-demand", "--yes");
  expect([retried.code, (await readRows()).filter(({ outcome }) => outcome === "answered").length]).toEqual([
    0,
    rowCount,
  ]);
}

describe("one bad piece of an output costs its own row alone", () => {
  it("a byte that is no UTF-8", async () => {
    const scene = await openScene(
      changeLine(1, (line) => {
        line[line.indexOf("Its text")] = 0xe9;
        return line;
      }),
      "output-bad-byte",
    );
    await expectOneLost(scene, /bytes that are not UTF-8/, /\ufffdts text/);
  });

  it("a line that is torn in the middle of the file", async () => {
    const scene = await openScene(changeLine(5, (line) => line.subarray(0, line.length - 60)));
    // The record's id stood at the end that is gone.
    await expectOneLost(scene, /no line for this record/, null);
  });

  it("a lone surrogate in an answer", async () => {
    const scene = await openScene(
      changeLine(7, (line) => Buffer.from(line.toString("latin1").replace("Its text", "\\ud800ts text"), "latin1")),
    );
    await expectOneLost(scene, /not JSON/, /\\ud800ts text/);
  });

  it("an error of another shape", async () => {
    const scene = await openScene(
      changeLine(9, (line) =>
        Buffer.from(
          line.toString("latin1").replace(/"modelOutput":.*(?=,"recordId")/, '"error":"Timed out"'),
          "latin1",
        ),
      ),
    );
    await expectOneLost(scene, /^Timed out$/, null);
  });
});

describe("an output that is written in another way is read all the same", () => {
  const ways: Record<string, (bytes: Buffer) => Buffer> = {
    gzip: (bytes) => gzipSync(bytes),
    "UTF-16 with a byte order mark": (bytes) => Buffer.from(`\ufeff${bytes.toString("utf8")}`, "utf16le"),
    "UTF-8 with a byte order mark": (bytes) => Buffer.from(`\ufeff${bytes.toString("utf8")}`),
    "line ends of Windows": (bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1"),
  };
  it.each(Object.entries(ways))("%s", async (_, change) => {
    const { halfprice, readRows } = await openScene(async ({ read, write }) =>
      write(answers, change(await read(answers))),
    );
    const { code, stderr } = await halfprice("collect", "r");
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect((await readRows()).every(({ outcome }) => outcome === "answered")).toBe(true);
  });

  it("and what else lies in the job's folder is left alone", async () => {
    const { halfprice, readRows } = await openScene(async ({ read, write }) => {
      await write("empty.jsonl.out", "");
      await write("other.jsonl.out", (await read(answers)).toString("utf8").replaceAll("end_turn", "max_tokens"));
      await write("more/shard-00001.jsonl.out", "no JSON at all");
      await write("a name, with; odd #letters.out", "x");
    });
    expect((await halfprice("collect", "r")).code).toBe(0);
    expect((await readRows()).every(({ outcome }) => outcome === "answered")).toBe(true);
  });
});

describe("what was paid is never nothing because a line or an object is lost", () => {
  const readMoney = (text: string): number => Number(/would cost \$([\d.]+)/.exec(text)?.[1] ?? NaN);

  it("a job that says Completed without its output: said loudly, its cost taken from the manifest", async () => {
    const { halfprice, readRows } = await openScene(({ remove }) => remove(answers));
    const { code, stdout } = await halfprice("collect", "r");
    expect(code).toBe(4);
    expect(stdout).toMatch(/says Completed, but none of its 110 records has a line: its output is gone/);
    expect(stdout).toContain("what they cost is taken from its manifest");
    expect(readMoney(stdout)).toBeGreaterThan(0);
    expect((await readRows()).every(({ outcome }) => outcome === "missing")).toBe(true);
  });

  it("without a manifest too: then it is not known", async () => {
    const { halfprice } = await openScene(async ({ remove }) => {
      await remove(answers);
      await remove(manifest);
    });
    const { stdout } = await halfprice("collect", "r");
    expect(stdout).toContain("what they cost is not known");
    expect(stdout).not.toMatch(/would cost \$0\b/);
    const shown = JSON.parse((await halfprice("show", "r", "--json")).stdout) as { summary?: { usageSource?: string } };
    expect(JSON.stringify(shown)).toContain('"usageSource":"none"');
  });

  it.each([
    ["without usage", (text: string) => text.replaceAll(/"(in|out)put_tokens":\d+/g, '"$1put_tokens":null')],
    ["that are all torn", (text: string) => text.replaceAll(/"usage":.*?,"recordId"/g, '"recordId"')],
    ["that are all torn, without their ids", (text: string) => text.replaceAll(/"usage":.*/g, "")],
  ])("lines %s: counted by the manifest", async (_, change) => {
    const { halfprice } = await openScene(async ({ read, write }) =>
      write(answers, change((await read(answers)).toString("utf8"))),
    );
    const { stdout } = await halfprice("collect", "r");
    expect(readMoney(stdout)).toBeGreaterThan(0);
  });

  it("negative counts are no counts: the manifest's are taken", async () => {
    const { halfprice } = await openScene(async ({ read, write }) =>
      write(answers, (await read(answers)).toString("utf8").replaceAll(/"input_tokens":\d+/g, '"input_tokens":-5')),
    );
    const { stdout } = await halfprice("collect", "r");
    expect(readMoney(stdout)).toBeGreaterThan(0);
    expect(stdout).not.toContain("$-");
  });

  it("a line that belongs to nobody: the difference between money line and cost column is named", async () => {
    const { halfprice } = await openScene(
      changeLine(2, (line) =>
        Buffer.from(line.toString("latin1").replace(/"recordId":"\w+"/, '"recordId":"somebody-elses"'), "latin1"),
      ),
    );
    const { stdout } = await halfprice("collect", "r");
    expect(stdout).toMatch(/the cost column adds up to \$[\d.]+: \$[\d.]+ was paid for answers that are in no row/);
  });

  it("a manifest that counts other tokens than the lines: both are named", async () => {
    const { halfprice } = await openScene(async ({ read, write }) => {
      const counts = JSON.parse((await read(manifest)).toString("utf8")) as { inputTokenCount: number };
      await write(manifest, JSON.stringify({ ...counts, inputTokenCount: counts.inputTokenCount + 1000 }));
    });
    const { stdout } = await halfprice("collect", "r");
    expect(stdout).toMatch(/its manifest counts [\d,]+ input and [\d,]+ output tokens, its lines [\d,]+ input/);
  });
});

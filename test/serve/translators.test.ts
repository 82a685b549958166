import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { Translators } from "../../src/serve/translators.ts";

/** As the package has it: beside it is the file of its threads. */
const built = fileURLToPath(new URL("../../build/serve/translators.js", import.meta.url));

const chat = (id: string, body: object) => ({ custom_id: id, method: "POST", url: "/v1/chat/completions", body });

/** Lines of an input file: good ones, one that is malformed, one that is no JSON. */
function taskOf(block: number) {
  const lines = Array.from({ length: 40 }, (_, at) =>
    JSON.stringify(chat(`r${block}-${at}`, { model: "fast", messages: [{ role: "user", content: `question ${at}` }] })),
  );
  const bytes = Buffer.from([...lines, JSON.stringify(chat("odd", { model: "none" })), "no JSON", ""].join("\n"));
  const place = { region: "us-east-1", mapped: new Map([["fast", "nova-lite"]]) };
  return { endpoint: "/v1/chat/completions" as const, place, bytes, firstLine: 1 + 42 * block };
}

async function* tasks() {
  for (let block = 0; block < 6; block += 1) yield taskOf(block);
}

async function translateAll(translators: Translators) {
  onTestFinished(() => translators.close());
  translators.prepare();
  const results = [];
  for await (const result of translators.map(tasks(), (task) => translators.run("requests", task))) {
    const { block, ids, idLines, ...more } = result;
    const groups = block.groups.map((group) => ({ ...group, lines: Buffer.from(group.lines).toString("utf8") }));
    const refused = Buffer.from(block.refused).toString("utf8");
    results.push({ ...more, ids, idLines: [...idLines], block: { ...block, groups, refused } });
  }
  return results;
}

it("give the same in threads as without them, in the order of the blocks", async () => {
  const { Translators: Built } = (await import(built)) as { Translators: typeof Translators };
  const [threads, here] = [await translateAll(new Built(2)), await translateAll(new Translators(0))];
  expect(threads).toEqual(here);
  expect(here).toHaveLength(6);
  expect(here[5]).toMatchObject({
    models: ["fast", "none"],
    problems: [{ code: "invalid_json_line", line: 1 + 42 * 5 + 41 }],
    block: { requestCount: 41, refusedCount: 1, groups: [{ rowCount: 40, key: { clientModel: "fast" } }] },
  });
  expect(here[5]?.ids[0]).toBe("r5-0");
});

it("pass on what a translation throws, and go on", async () => {
  const { Translators: Built } = (await import(built)) as { Translators: typeof Translators };
  const translators = new Built(2);
  onTestFinished(() => translators.close());
  const broken = { ...taskOf(0), bytes: undefined as never };
  await expect(translators.run("requests", broken)).rejects.toThrow(TypeError);
  expect(await translators.run("requests", taskOf(0))).toMatchObject({ block: { requestCount: 41 } });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { joinPart } from "../../../src/run/parts/join-part.ts";
import { preparePart } from "../../../src/run/parts/prepare-part.ts";
import { findFailure } from "../../support/failure.ts";
import { killAt, listPoints } from "../../support/kill-points.ts";
import { countSent, followParts, openPartsRun, type PartsRun, queryRun, sendAll } from "../../support/parts-run.ts";

const draftsOf = ({ session, id }: PartsRun): string[] =>
  readdirSync(join(session.config.workspace, "runs")).filter((name) => name !== id);

const rowsOf = async (scene: PartsRun): Promise<unknown> =>
  queryRun(await followParts(scene.session, scene.id), "SELECT id, answer, _halfprice_outcome FROM results");

describe("preparing a part", () => {
  it("twice at once leaves one run of it, which both name, and nothing of the other", async () => {
    const scene = await openPartsRun(2);
    const { session, id, server } = scene;
    const both = await Promise.all([preparePart(session, id, 1), preparePart(session, id, 1)]);
    expect(both.map(({ runId }) => runId)).toEqual([both[0]?.runId, both[0]?.runId]);
    expect(both.filter(({ wasThere }) => wasThere)).toHaveLength(1);
    expect(draftsOf(scene)).toEqual([both[0]?.runId]);
    const again = await preparePart(session, id, 1);
    expect(again).toEqual({ ...both[0], wasThere: true });
    expect(await rowsOf(scene)).toHaveLength(40);
    expect(await countSent(server.url)).toBe(40);
  });

  it("killed at any point is done again: one run of the part, no job twice, no row lost", async () => {
    const whole = await openPartsRun(2);
    const points = await listPoints(() => preparePart(whole.session, whole.id, 1));
    const expected = await rowsOf(whole);
    expect(points.length).toBeGreaterThan(8);
    const kinds = points.map((point) => point.replace(/\d+/g, "n"));
    for (const at of points.keys()) {
      if (kinds.indexOf(kinds[at] ?? "") !== at) continue;
      const scene = await openPartsRun(2);
      expect(await killAt(at, () => preparePart(scene.session, scene.id, 1))).toBe(points[at]);
      await preparePart(scene.session, scene.id, 1);
      expect(await rowsOf(scene), `killed at ${points[at]}`).toEqual(expected);
      expect(await countSent(scene.server.url), `killed at ${points[at]}`).toBe(40);
    }
  }, 300_000);

  it("never writes the ledger", async () => {
    const { session, id } = await openPartsRun(2);
    const points = await listPoints(() => preparePart(session, id, 1));
    expect(points.filter((point) => point.startsWith("ledger:"))).toEqual([]);
  });
});

describe("joining a part", () => {
  it("says what it waits for, with the code of what is still running", async () => {
    const { session, id } = await openPartsRun(2);
    const unprepared = await findFailure(() => joinPart(session, id, 1), "PART_WAITS");
    expect(unprepared.message).toBe("Part 1 cannot be joined yet: it is not prepared.");
    expect([unprepared.exitCode, unprepared.fix]).toEqual([5, `prepare it first: halfprice part prepare ${id} 1`]);
    await preparePart(session, id, 1);
    const unsent = await findFailure(() => joinPart(session, id, 1), "PART_WAITS");
    expect(unsent.message).toBe("Part 1 cannot be joined yet: its jobs are not made.");
    await sendAll(session, id);
    expect(await joinPart(session, id, 1)).toMatchObject({ wasThere: false, summary: { rowCount: 20 } });
    expect(await joinPart(session, id, 1)).toMatchObject({ wasThere: true, summary: { rowCount: 20 } });
  });

  it("twice at once leaves one file of results, and one word of what it came to", async () => {
    const scene = await openPartsRun(2);
    const { session, id } = scene;
    await preparePart(session, id, 1);
    await sendAll(session, id);
    const both = await Promise.all([joinPart(session, id, 1), joinPart(session, id, 1)]);
    expect(both.filter(({ wasThere }) => wasThere)).toHaveLength(1);
    expect(both[0]?.summary).toEqual(both[1]?.summary);
    expect(await rowsOf(scene)).toHaveLength(40);
  });

  it("killed at any point is done again, and gives the same rows", async () => {
    const open = async (): Promise<PartsRun> => {
      const scene = await openPartsRun(2);
      await preparePart(scene.session, scene.id, 1);
      await sendAll(scene.session, scene.id);
      return scene;
    };
    const whole = await open();
    const points = await listPoints(() => joinPart(whole.session, whole.id, 1));
    expect(points.filter((point) => point.startsWith("ledger:"))).toEqual([]);
    const expected = await rowsOf(whole);
    const kinds = points.map((point) => point.replace(/\d+/g, "n").replace(/-\w{12}\b/, ""));
    for (const at of points.keys()) {
      if (kinds.indexOf(kinds[at] ?? "") !== at) continue;
      const scene = await open();
      await killAt(at, () => joinPart(scene.session, scene.id, 1));
      await joinPart(scene.session, scene.id, 1);
      expect(await rowsOf(scene), `killed at ${points[at]}`).toEqual(expected);
      expect(await countSent(scene.server.url)).toBe(40);
    }
  }, 300_000);
});

describe("the run of a part", () => {
  it("is what its word says, until the ledger knows it: no other plan takes it for a draft that was left", async () => {
    const { session, id } = await openPartsRun(2);
    const { runId } = await preparePart(session, id, 1);
    const file = join(session.config.workspace, "runs", id, "parts", "00001", "prepared.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      version: 1,
      run: { id: runId, partOf: id, part: 1, rowCount: 20, recordCount: 20, shards: [{ recordCount: 20 }] },
    });
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DatabaseSync } from "@photostructure/sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HalfpriceError } from "../../src/foundation/errors/index.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { type LedgerObject, openSharedLedger, type SharedLedger } from "../../src/ledger/shared-ledger.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder } from "../support/folder.ts";

/** What a write meets on its way: the state is right, lost before it was made, or made and its answer lost. */
type Fault = "none" | "refused" | "lost" | "answer-lost";

interface FakeObject extends LedgerObject {
  readonly count: () => number;
}

const hooks = { pause: () => Promise.resolve() };

const unreachable = () => new HalfpriceError("UNREACHABLE", { endpoint: "S3", reason: "reset" });

/** An object with conditional writes, and faults in their order. */
function makeObject(faults: readonly Fault[] = []): FakeObject {
  let state: { bytes: Buffer; etag: string } | undefined;
  let version = 0;
  let writes = 0;
  return {
    shown: "s3://bucket/ledger.db.gz",
    count: () => version,
    async read(known) {
      await Promise.resolve();
      return state?.etag === known && state !== undefined ? "same" : state;
    },
    async write(bytes, known) {
      await Promise.resolve();
      const fault = faults[writes] ?? "none";
      writes += 1;
      if (fault === "refused") return undefined;
      if (fault === "lost") throw unreachable();
      if (state?.etag !== known) return undefined;
      version += 1;
      state = { bytes: Buffer.from(bytes), etag: `"${version}"` };
      if (fault === "answer-lost") throw unreachable();
      return state.etag;
    },
  };
}

const add = (ledger: SharedLedger, amount: number): Promise<number> =>
  ledger.change("count", () => {
    ledger.exec("CREATE TABLE IF NOT EXISTS counter (total INTEGER NOT NULL)");
    const row = ledger.prepare("SELECT total FROM counter").get() as { total: number } | undefined;
    const total = (row?.total ?? 0) + amount;
    ledger.exec("DELETE FROM counter");
    ledger.prepare("INSERT INTO counter VALUES (?)").run(total);
    return total;
  });

describe("a shared ledger", () => {
  it("has each change of every process once, in whatever order they come and whatever the writes meet", async () => {
    const fault = fc.constantFrom<Fault>("none", "none", "refused", "lost", "answer-lost");
    const changes = fc.array(fc.record({ who: fc.nat(2), amount: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(changes, fc.array(fault, { maxLength: 30 }), async (wanted, faults) => {
        const folder = makeFolder();
        const object = makeObject(faults);
        const ledgers = await Promise.all(
          [0, 1, 2].map((who) => openSharedLedger(object, join(folder, `${who}.db`), hooks)),
        );
        const totals = await Promise.all(wanted.map(({ who, amount }) => add(ledgers[who] as SharedLedger, amount)));
        const sum = wanted.reduce((total, { amount }) => total + amount, 0);
        // Each saw a total of its own: no two were decided on the same state.
        expect(new Set(totals).size).toBe(totals.length);
        expect(Math.max(...totals)).toBe(sum);
        expect(object.count()).toBe(wanted.length);
        for (const ledger of ledgers) ledger.close();
      }),
      { numRuns: 60 },
    );
  });

  it("writes nothing where nothing is changed, and refuses on what is true now", async () => {
    const folder = makeFolder();
    const object = makeObject();
    const [one, other] = [
      await openSharedLedger(object, join(folder, "one.db")),
      await openSharedLedger(object, join(folder, "other.db")),
    ];
    await add(one, 1);
    await other.change("look", () => other.prepare("SELECT 1").get());
    expect(object.count()).toBe(1);
    const seen = await other.change("look", () => other.prepare("SELECT total FROM counter").get());
    expect(seen).toEqual({ total: 1 });
    // What is refused on an old state is decided again on the new one.
    await add(one, 1);
    const refuse = (): void => {
      const { total } = other.prepare("SELECT total FROM counter").get() as { total: number };
      if (total < 2) throw new Error("too few");
    };
    await expect(other.change("guard", refuse)).resolves.toBeUndefined();
  });

  it("is given up after many tries, with nothing written", async () => {
    const folder = makeFolder();
    const object = makeObject(Array.from({ length: 100 }, () => "refused" as const));
    const ledger = await openSharedLedger(object, join(folder, "one.db"), hooks);
    expect((await findFailure(() => add(ledger, 1))).code).toBe("LEDGER_BUSY");
    expect(object.count()).toBe(0);
  });

  it("that is no ledger, is cut off or gone, or of a newer halfprice is refused by name", async () => {
    const folder = makeFolder();
    const read = (bytes: Buffer) => ({ ...makeObject(), read: async () => ({ bytes, etag: '"1"' }) });
    const path = join(folder, "copy.db");
    expect((await findFailure(() => openSharedLedger(read(Buffer.from("no gzip")), path))).code).toBe("LEDGER_DAMAGED");
    const own = openLedger(join(folder, "ws"));
    const copied = join(folder, "newer.db");
    own.exec(`VACUUM INTO '${copied}'`);
    own.close();
    const database = new DatabaseSync(copied);
    database.exec("PRAGMA user_version = 99");
    database.close();
    const newer = gzipSync(readFileSync(copied));
    expect((await findFailure(() => openSharedLedger(read(newer), path))).code).toBe("NEWER_FILE");
    let isGone = false;
    const object = makeObject();
    const ledger = await openSharedLedger(
      { ...object, read: async (known) => (isGone ? undefined : object.read(known)) },
      path,
    );
    await add(ledger, 1);
    isGone = true;
    expect((await findFailure(() => ledger.refresh())).code).toBe("LEDGER_DAMAGED");
  });
});

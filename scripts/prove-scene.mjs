// What the proofs work on: tables with a right answer for every row, a local service whose models err at given rates, and a session on it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeLocalPlace } from "../build/access/make-local-place.js";
import { openEngine } from "../build/engine/engine.js";
import { makeSession } from "../build/workspace/session.js";
import { startLocal } from "../dist/local/index.js";

const dummyCredentials = { accessKeyId: "local", secretAccessKey: "local" };

/**
 * Opens a folder with a table, a service whose models answer it as `behaviour` says, and a session. `close` removes all of it.
 * @param rows an iterable of [text, label]
 */
export async function openScene(rows, behaviour, { folder = mkdtempSync(join(tmpdir(), "halfprice-prove-")) } = {}) {
  const table = join(folder, "table.csv");
  writeTable(table, rows);
  const path = join(folder, "behaviour.json");
  const gold = { file: "table.csv", text: "text", label: "label" };
  writeFileSync(path, JSON.stringify({ gold, ...behaviour }));
  const server = await startLocal({ speed: 100_000, dataDir: join(folder, "aws"), seed: 1, modelBehaviour: path });
  const connection = { region: server.region, endpointUrl: server.url, dummyCredentials };
  const place = await makeLocalPlace(connection, { bucket: "prove", prefix: "prove/", roleName: "ProveRole" });
  const config = {
    workspace: join(folder, ".halfprice"),
    region: server.region,
    endpointUrl: server.url,
    prefix: "prove/",
    ...place,
  };
  const session = makeSession(config, { connection });
  const close = async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, table, session, close };
}

function writeTable(path, rows) {
  let text = "text,label\n";
  writeFileSync(path, "");
  for (const [cell, label] of rows) {
    text += `"${cell.replaceAll('"', '""')}",${label}\n`;
    if (text.length < 4_000_000) continue;
    writeFileSync(path, text, { flag: "a" });
    text = "";
  }
  writeFileSync(path, text, { flag: "a" });
}

/** Rows of a query over a run's table, which it calls `results`, and over its packs, which it calls `packs`. */
export async function query({ paths }, sql) {
  const engine = await openEngine({ tempDirectory: join(paths.directory, "spill"), memoryLimitMib: 2048 });
  try {
    await engine.run(`CREATE VIEW results AS SELECT * FROM read_parquet('${paths.results}', file_row_number = true)`);
    return await engine.rows(sql.replaceAll("PACKS", `read_parquet('${join(paths.directory, "packs.parquet")}')`));
  } finally {
    engine.close();
  }
}

/** Words that look like prose to a count of tokens, the same for the same seed. */
export function makeWords(count, seed) {
  let state = seed * 2654435761 + 1;
  const words = [
    "card",
    "payment",
    "please",
    "account",
    "transfer",
    "why",
    "money",
    "today",
    "top",
    "failed",
    "the",
    "my",
    "not",
  ];
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return words[state % words.length];
  }).join(" ");
}

/** Says what was measured and whether it is as it should be; remembers what is not. */
export function makeJudge() {
  const failed = [];
  return {
    say(name, isMet, measured) {
      console.log(`${isMet ? "ok    " : "NOT OK"} ${name}: ${measured}`);
      if (!isMet) failed.push(name);
    },
    note(name, measured) {
      console.log(`       ${name}: ${measured}`);
    },
    end() {
      if (failed.length === 0) return;
      console.log(`\nnot as it should be: ${failed.join("; ")}`);
      process.exitCode = 1;
    },
  };
}

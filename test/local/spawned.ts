/** The local service in a process of its own: one that can be killed, and whose memory can be looked at. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SpawnedLocal {
  readonly url: string;
  readonly pid: number;
  /** Kills it, with no chance to finish anything. */
  readonly kill: () => Promise<void>;
  /** Kills it and removes its data. */
  end(): Promise<void>;
}

const root = join(import.meta.dirname, "../..");

/** @param dataDir default: a folder of its own */
export async function spawnLocal(dataDir?: string): Promise<SpawnedLocal> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), "halfprice-spawned-")));
  const source = JSON.stringify(join(root, "src/local/start-local.ts"));
  const code = `import { createJiti } from "jiti";
    const { startLocal } = await createJiti(import.meta.url).import(${source});
    console.log((await startLocal({ dataDir: ${JSON.stringify(folder)} })).url);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  return {
    url: line.toString().trim(),
    pid: child.pid ?? 0,
    kill,
    async end() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

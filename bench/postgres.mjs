// A PostgreSQL of the bench's own, for the peer that needs one: an empty cluster in a folder of its own, on a free port.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const schema = `CREATE TABLE batch_inference_jobs (id uuid PRIMARY KEY, type text, status text, created_at timestamptz,
  updated_at timestamptz, job_arn text, s3_input_uri text, s3_output_uri text, error_message text, model_id text, record_count int)`;

/** @returns undefined where there is no PostgreSQL (Debian: apt-get install postgresql) */
export async function startPostgres() {
  const version = spawnSync("pg_ctl", ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return undefined;
  const data = mkdtempSync(join(tmpdir(), "halfprice-pg-"));
  // It refuses to run as root: then it runs as the user that its package makes.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) spawnSync("chown", ["postgres", data]);
  const run = (program, args) =>
    isRoot
      ? spawnSync("runuser", ["-u", "postgres", "--", program, ...args], { encoding: "utf8", cwd: data })
      : spawnSync(program, args, { encoding: "utf8", cwd: data });
  const port = await freePort();
  const made = run("initdb", ["-D", join(data, "cluster"), "-U", "bench", "-A", "trust"]);
  const started = run("pg_ctl", [
    ...["-D", join(data, "cluster"), "-w", "-l", join(data, "log")],
    ...["-o", `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${data}`, "start"],
  ]);
  if (made.status !== 0 || started.status !== 0) {
    console.error(`PostgreSQL does not start: ${made.stderr}${started.stderr}${started.stdout}`);
    return undefined;
  }
  const created = run("psql", ["-h", "127.0.0.1", "-p", String(port), "-U", "bench", "-d", "postgres", "-c", schema]);
  if (created.status !== 0) throw new Error(created.stderr);
  return {
    port,
    version: version.stdout.trim(),
    stop() {
      run("pg_ctl", ["-D", join(data, "cluster"), "-m", "immediate", "-w", "stop"]);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

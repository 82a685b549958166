import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { scheduledEvent } from "./job-events.ts";

/** The built bundle: what is tested is what is put up. */
export const bundlePath: string = fileURLToPath(new URL("../../dist/deploy/function/index.cjs", import.meta.url));

/** A call of the bundle, as Lambda sees it. */
export interface Called {
  readonly code: number | null;
  readonly entries: Record<string, unknown>[];
  readonly stderr: string;
}

/** Lambda's way with it: a process of Node with the function's environment. */
export function callBundle(env: Record<string, string>): Promise<Called> {
  const script = fileURLToPath(new URL("./call-bundle.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, bundlePath, JSON.stringify(scheduledEvent)], {
    cwd: dirname(bundlePath),
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.once("close", (code) => {
      const lines = stdout.split("\n").filter((line) => line !== "");
      resolve({ code, stderr, entries: lines.map((line) => JSON.parse(line) as Record<string, unknown>) });
    });
  });
}

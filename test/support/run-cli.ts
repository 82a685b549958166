import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built command: what is tested is what is published. */
export const cliPath: string = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface CliResult {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly done: Promise<CliResult>;
  /** Resolves when stdout or stderr has matched. */
  waitFor(pattern: RegExp): Promise<string>;
}

/** An environment without credentials, profiles or endpoints. */
export function cleanEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: "/nonexistent",
    NO_COLOR: "1",
    // A test that wants to meet a job half done says how slow it is to be.
    HALFPRICE_LOCAL_SPEED: "6000",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    ...more,
  };
}

export function startCli(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): RunningCli {
  const child = spawn(process.execPath, [cliPath, ...args], {
    cwd,
    env: cleanEnv({ HALFPRICE_COPIES: join(cwd, ".copies"), ...env }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const hear = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    hear();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    hear();
  });
  const done = new Promise<CliResult>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, stdout, stderr });
      hear();
    });
  });
  return {
    child,
    done,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(stdout + stderr);
          if (found !== null) {
            listeners.delete(look);
            resolve(found[0]);
          } else if (child.exitCode !== null || child.signalCode !== null) {
            listeners.delete(look);
            reject(new Error(`ended before ${pattern}:\n${stdout}${stderr}`));
          }
        };
        listeners.add(look);
        look();
      }),
  };
}

export function runCli(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return startCli(args, cwd, env).done;
}

import { type Config, readConfig } from "../config/read-config.ts";
import type { HalfpriceError } from "../foundation/errors/index.ts";
import { formatDuration } from "../report/format.ts";
import { joinLocal } from "../workspace/local-service.ts";
import { guessOriginKind } from "../workspace/model-readings.ts";
import { makeSession, type Session } from "../workspace/session.ts";
import type { ProgressView } from "./display/progress.ts";
import { showProgress } from "./display/progress.ts";
import { rememberOrigin, sayJson } from "./json/json-document.ts";
import type { CommonFlags, PlaceFlags } from "./options.ts";
import { rememberService } from "./print-error.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

// Straight from their files, here and in what only reads the ledger: the public door brings everything with it.

/** What a command works with. */
export interface CommandSession {
  readonly session: Session;
  readonly config: Config;
  readonly terminal: Terminal;
  readonly progress: ProgressView;
  readonly close: () => Promise<void>;
}

/** Reads the settings; with `--local`, finds or starts the local service. @throws BAD_OPTIONS, LOCAL_DATA_BUSY */
export async function openSession(flags: CommonFlags & PlaceFlags, speed?: number): Promise<CommandSession> {
  rememberService(flags);
  const config = await readCommandConfig(flags);
  rememberOrigin(flags.local === true ? "local" : guessOriginKind(config, process.env), config.region);
  const terminal = openTerminal({ isQuiet: flags.quiet === true });
  const progress = showProgress(terminal, Date.now);
  const hooks = {
    onStep: progress.onStep,
    onProgress: progress.onProgress,
    onTrouble: sayTrouble(terminal, config.profile),
  };
  if (flags.local !== true) {
    const session = makeSession(config, hooks);
    return { session, config, terminal, progress, close: () => Promise.resolve() };
  }
  const { session, close } = await joinLocal(config, hooks, speed);
  rememberOrigin("local", session.config.region);
  return { session, config: session.config, terminal, progress, close };
}

/** Says once what does not work for now; the same again only where something else came between. */
function sayTrouble(
  terminal: Terminal,
  profile: string | undefined,
): (error: HalfpriceError, retryInMs: number) => void {
  let last = "";
  return (error, retryInMs) => {
    if (error.message === last) return;
    last = error.message;
    terminal.note(
      `${error.message} ${renewal(error, profile)}Trying again every ${formatDuration(retryInMs)} until it works; the jobs go on meanwhile.`,
    );
  };
}

/** How credentials are renewed while a run waits for them. */
function renewal({ code }: HalfpriceError, profile: string | undefined): string {
  if (code !== "CREDENTIALS_REFUSED" && code !== "NO_CREDENTIALS") return "";
  const name = profile ?? process.env["AWS_PROFILE"];
  return `Renew them in another terminal: aws sso login${name === undefined ? "" : ` --profile ${name}`}. `;
}

/** The configuration of a command's options, the environment and the configuration file. @throws BAD_OPTIONS, BAD_SPEC */
export function readCommandConfig(flags: CommonFlags & PlaceFlags): Promise<Config> {
  const { workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, vpcSubnets, vpcSecurityGroups } =
    flags;
  return readConfig(
    { workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, vpcSubnets, vpcSecurityGroups },
    process.env,
    process.cwd(),
  );
}

/** Runs a command's work in a session, and closes what the session opened. */
export async function inSession(
  flags: CommonFlags & PlaceFlags,
  work: (command: CommandSession) => Promise<void>,
  speed?: number,
): Promise<void> {
  const command = await openSession(flags, speed);
  try {
    await work(command);
  } finally {
    command.progress.end();
    await command.close();
  }
}

/** What a command says with `--json`: one document at its end. */
export function printJson(terminal: Terminal, value: unknown): void {
  const text = sayJson(value);
  if (text !== undefined) terminal.print(text);
}

import { keepLocal, readSettings, type Settings } from "../admin.ts";
import type { HalfpriceError } from "../foundation/errors/index.ts";
import { formatDuration } from "../foundation/format.ts";
import type { SessionOptions } from "../index.ts";
import { type ProgressView, showProgress } from "./display/progress.ts";
import { rememberOrigin } from "./json/json-document.ts";
import type { CommonFlags, PlaceFlags } from "./options/options.ts";
import { toSessionOptions } from "./options/session-options.ts";
import { rememberService } from "./print-error.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** What a command works with. */
export interface CommandSession {
  /** For every verb that the command uses. */
  readonly options: SessionOptions;
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly progress: ProgressView;
  readonly close: () => Promise<void>;
}

/** Reads the settings; with `--local`, finds or starts the local service, for as long as the command lasts. @throws BAD_OPTIONS, LOCAL_DATA_BUSY */
export async function openSession(flags: CommonFlags & PlaceFlags): Promise<CommandSession> {
  rememberService(flags);
  const given = toSessionOptions(flags);
  const settings = await readSettings(given);
  rememberOrigin(settings.originKind, settings.region);
  const terminal = openTerminal({ isQuiet: flags.quiet === true });
  const progress = showProgress(terminal);
  const onTrouble = sayTrouble(terminal, settings.profile);
  const options: SessionOptions = {
    ...given,
    onProgress(event) {
      if (event.kind === "step") progress.onStep(event.step);
      else if (event.kind === "jobs") progress.onProgress(event);
      else onTrouble(event.error, event.retryInMs);
    },
  };
  return { options, settings, terminal, progress, close: await keepLocal(given) };
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

/** Runs a command's work in a session, and closes what the session opened. */
export async function inSession(
  flags: CommonFlags & PlaceFlags,
  work: (command: CommandSession) => Promise<void>,
): Promise<void> {
  const command = await openSession(flags);
  try {
    await work(command);
  } finally {
    command.progress.end();
    await command.close();
  }
}

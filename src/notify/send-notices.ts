import { spawn } from "node:child_process";
import type { Connection } from "../aws/connection.ts";
import { makeEnvironmentAgent } from "../aws/network.ts";
import { publishMessage } from "../aws/sns.ts";
import { defined } from "../foundation/defined.ts";
import { nodeNetwork } from "../foundation/node-network.ts";
import { type Notify, sayNotify } from "./notify.ts";

/** What is told about a run that has ended: the JSON of a webhook, and of a command's standard input. */
export interface Notice {
  /** One line for people; chat services show it. */
  readonly text: string;
  readonly runId: string;
  readonly name: string;
  readonly state: "done" | "stopped";
  readonly rowCount: number;
  readonly answeredCount: number;
  readonly outcomeCounts: Readonly<Record<string, number>>;
  /** Null where it is not known, and for a simulation. */
  readonly paidUsd: number | null;
  readonly output: string | null;
  readonly report: string;
}

const timeoutMs = 15_000;

/**
 * Tells that a run has ended, in all ways at once. What fails is no failure of the run's.
 * @returns a sentence for each way that failed
 */
export async function sendNotices(ways: readonly Notify[], notice: Notice, connection: Connection): Promise<string[]> {
  const sent = await Promise.allSettled(ways.map((way) => send(way, notice, connection)));
  return sent.flatMap((each, index) => {
    const way = ways[index];
    if (each.status === "fulfilled" || way === undefined) return [];
    const reason = each.reason instanceof Error ? each.reason.message : String(each.reason);
    return [`Not notified by ${sayNotify(way)}: ${reason}`];
  });
}

function send(notify: Notify, notice: Notice, connection: Connection): Promise<void> {
  const json = `${JSON.stringify(notice)}\n`;
  switch (notify.way) {
    case "desktop":
      return runProgram(...desktopProgram(`halfprice: ${notice.name}`, notice.text), "");
    case "command":
      return runProgram(notify.command, undefined, json, {
        HALFPRICE_RUN_ID: notice.runId,
        HALFPRICE_RUN_NAME: notice.name,
        HALFPRICE_STATE: notice.state,
      });
    case "webhook":
      return post(notify.url, json);
    case "sns":
      return publishMessage(
        connection,
        notify.topicArn,
        `halfprice: ${notice.name} ${notice.state}`,
        `${notice.text}\n\n${JSON.stringify(notice, null, 2)}`,
      );
  }
}

/** The program of the system that shows a notice. The texts are arguments, never part of a script. */
function desktopProgram(title: string, text: string): [program: string, args: readonly string[]] {
  if (process.platform === "darwin") {
    const script = ["on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run"];
    return ["osascript", [...script.flatMap((line) => ["-e", line]), title, text]];
  }
  if (process.platform === "win32") return ["msg", ["*", "/TIME:60", `${title}\n${text}`]];
  return ["notify-send", ["--app-name=halfprice", "--", title, text]];
}

/** @param args undefined where the program is a line for the shell */
function runProgram(
  program: string,
  args: readonly string[] | undefined,
  input: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = {
      stdio: ["pipe", "ignore", "pipe"] as ["pipe", "ignore", "pipe"],
      env: { ...process.env, ...env },
      timeout: timeoutMs,
    };
    const child = args === undefined ? spawn(program, { ...options, shell: true }) : spawn(program, [...args], options);
    let words = "";
    child.stderr.on("data", (data: Buffer) => {
      words = (words + data.toString("utf8")).slice(-500);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            [signal === null ? `it ended with ${code}` : `it was ended after ${timeoutMs / 1000} seconds`, words.trim()]
              .filter((each) => each !== "")
              .join(": "),
          ),
        );
    });
    // A command that reads nothing may end before it is written to.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Through the proxy of the environment, as every other call. A redirection is not followed: the JSON is for that address. */
async function post(url: string, json: string): Promise<void> {
  const agent = await makeEnvironmentAgent();
  return new Promise((resolve, reject) => {
    const open = url.startsWith("https:") ? nodeNetwork.https.request : nodeNetwork.http.request;
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(json),
      "user-agent": "halfprice",
    };
    const call = open(url, { method: "POST", headers, timeout: timeoutMs, ...defined({ agent }) }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      response.on("end", () => {
        agent?.destroy();
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`it answered ${statusCode}`));
      });
    });
    call.on("timeout", () => call.destroy(new Error(`no answer in ${timeoutMs / 1000} seconds`)));
    call.on("error", reject);
    call.end(json);
  });
}

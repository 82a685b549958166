// What every contender in Node prints when it is done: seconds since the process began, peak memory, and what it made.
import { existsSync, readFileSync } from "node:fs";

export const template = "Context: {{context}}\nResponse: {{response}}";

/** Peak memory of this process. What getrusage says begins with the peak of the process that started it. */
export function readPeakMb() {
  const status = "/proc/self/status";
  const peak = existsSync(status) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8"))?.[1] : undefined;
  return (peak === undefined ? process.resourceUsage().maxRSS : Number(peak)) / 1024;
}

export function finish(made) {
  process.stdout.write(`${JSON.stringify({ seconds: process.uptime(), rssMb: readPeakMb(), ...made })}\n`);
  process.exit(0);
}

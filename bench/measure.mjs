// What every contender in Node prints when it is done: seconds since the process began, peak memory, and what it made.
export const template = "Context: {{context}}\nResponse: {{response}}";

export function finish(made) {
  const { maxRSS } = process.resourceUsage();
  process.stdout.write(`${JSON.stringify({ seconds: process.uptime(), rssMb: maxRSS / 1024, ...made })}\n`);
  process.exit(0);
}

// Contenders, each a process of its own, run round by round in turn; and their figures as a table.
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";

/** A contender: what it is called, and a command that prints its figures as its last line, or a function that gives them. */
export function runRounds(task, contenders, rounds) {
  const results = contenders.map(({ name }) => ({ name, seconds: [], rssMb: 0, serviceMb: 0 }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, { name, command, call }] of contenders.entries()) {
      const done = call === undefined ? runCommand(`${task}, ${name}`, command) : call();
      const result = results[index];
      result.seconds.push(done.seconds);
      result.rssMb = Math.max(result.rssMb, done.rssMb ?? 0);
      result.serviceMb = Math.max(result.serviceMb, done.serviceMb ?? 0);
      console.error(
        `round ${round}  ${task}  ${name}: ${done.seconds.toFixed(2)} s, ${Math.round(done.rssMb ?? 0)} MB`,
      );
    }
  }
  return results;
}

export function runCommand(what, [program, ...args]) {
  const heap = program === process.execPath ? ["--max-old-space-size=8192"] : [];
  const ran = spawnSync(program, [...heap, ...args], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (ran.status !== 0) throw new Error(`${what}: ${ran.stderr.slice(-2000)}`);
  return JSON.parse(ran.stdout.trim().split("\n").at(-1));
}

/** The floor of writing: the same bytes copied. */
export function copyTime(from, to) {
  const started = performance.now();
  copyFileSync(from, to);
  return { seconds: (performance.now() - started) / 1000 };
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Figures in Markdown, ratios first: the first contender is ours. */
export function makeTableOf(title, results, unit = "s") {
  const ours = median(results[0].seconds);
  const scale = unit === "ms" ? 1000 : 1;
  const digits = unit === "ms" ? 0 : 2;
  const show = (seconds) => (seconds * scale).toFixed(seconds * scale < 10 ? digits : Math.min(digits, 1));
  const hasMemory = results.some(({ rssMb }) => rssMb > 0);
  const lines = [
    `## ${title}\n`,
    `${results[0].seconds.length} round${results[0].seconds.length === 1 ? "" : "s"}.\n`,
    `| | time, as a multiple of halfprice's | median ${unit} | spread ${unit} |${hasMemory ? " peak MB |" : ""}`,
    `|---|---|---|---|${hasMemory ? "---|" : ""}`,
  ];
  for (const { name, seconds, rssMb } of results) {
    const spread = `${show(Math.min(...seconds))}–${show(Math.max(...seconds))}`;
    const memory = hasMemory ? ` ${rssMb === 0 ? "" : Math.round(rssMb)} |` : "";
    const note = seconds.length === results[0].seconds.length ? "" : ` (${seconds.length} round)`;
    lines.push(
      `| ${name}${note} | ${(median(seconds) / ours).toFixed(2)} | ${show(median(seconds))} | ${spread} |${memory}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

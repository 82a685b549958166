import { catalogue, type ErrorCode } from "../foundation/errors.ts";

const exits: readonly [string, string][] = [
  ["0", "done"],
  ["1", "a bug in halfprice"],
  ["2", "wrong use, or a question that was not answered"],
  ["3", "the service refused, or a job failed"],
  ["4", "done, but more rows than `--allow-missing` have no answer, or an evaluation is below `--at-least`"],
  ["5", "still running (`collect`, `--detach`)"],
  ["130", "interrupted; the jobs go on"],
];

/** docs/errors.md, from the catalogue. */
export function makeErrorsPage(): string {
  const codes = Object.keys(catalogue).sort() as ErrorCode[];
  const sections = codes.map((code) => {
    const { about, exitCode } = catalogue[code];
    return `## ${code.toLowerCase()}\n\n\`${code}\` · exit ${exitCode}\n\n${about}\n`;
  });
  return [
    "# Errors\n",
    "<!-- Made from src/foundation/errors.ts by `npm run docs`; change it there. -->\n",
    "Every error says what happened, with the value and the limit, then what to do. Its code never changes; with `--json` the",
    "same comes as one document on stdout.\n",
    "| exit code | meaning |\n|---|---|",
    ...exits.map(([code, meaning]) => `| ${code} | ${meaning} |`),
    "",
    ...sections,
  ].join("\n");
}

import { catalogue, describeCode } from "../foundation/errors/index.ts";

const exits: readonly [string, string][] = [
  ["0", "done"],
  ["1", "a bug in halfprice"],
  ["2", "wrong use, or a question that was not answered"],
  ["3", "the service refused, or a job failed"],
  ["4", "done, but more rows than `--allow-missing` have no answer, or an evaluation is below `--at-least`"],
  ["5", "still running (`collect`, `--detach`)"],
  ["130", "interrupted; the jobs go on"],
];

/** Text as it is, in a page: its line breaks and its `<` and `*` too. */
const block = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;

/** docs/errors.md, from the catalogue: of every code when it comes up, and its message and fix by example. */
export function makeErrorsPage(): string {
  const sections = Object.keys(catalogue)
    .sort()
    .map(describeCode)
    .filter((described) => described !== undefined)
    .map(
      ({ code, exitCode, about, message, fix }) =>
        `## ${code.toLowerCase()}\n\n\`${code}\` · exit ${exitCode}\n\n${about}\n\n${block(`${message}\nfix: ${fix}`)}\n`,
    );
  return [
    "# Errors\n",
    "<!-- Made from src/foundation/errors/ by `npm run docs`; change it there. -->\n",
    "Every error says what happened, with the value and the limit, then what to do. Its code never changes; with `--json` the",
    "same comes as one document on stdout. The messages below have example values. `halfprice explain CODE` prints the same.\n",
    "| exit code | meaning |\n|---|---|",
    ...exits.map(([code, meaning]) => `| ${code} | ${meaning} |`),
    "",
    ...sections,
  ].join("\n");
}

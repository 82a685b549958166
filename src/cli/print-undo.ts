import type { SetupStep } from "../admin.ts";
import { formatNumberOf } from "../foundation/format.ts";
import { askOrRefuse } from "./ask.ts";
import { colors } from "./display/colors.ts";
import { printJson } from "./json/print-json.ts";
import { formatDiff, type Shown } from "./print-setup.ts";

const done: Readonly<Partial<Record<SetupStep["action"], string>>> = {
  remove: "removed",
  restore: "put back",
  leave: "left",
};

function formatStep({ name, action, about, before, after }: SetupStep): string[] {
  switch (action) {
    case "remove":
      return [colors.red(`  - ${name}`)];
    case "restore":
      return [colors.yellow(`  ~ ${name}, as it was before`), ...formatDiff(before, after)];
    case "gone":
      return [colors.dim(`    ${name}: not there any more`)];
    default:
      return [`  = ${name} stays: ${about}`];
  }
}

/** Shows what would be removed or put back, and asks. @throws NOT_CONFIRMED, DECLINED */
export async function confirmUndo(steps: readonly SetupStep[], { terminal, flags }: Shown): Promise<boolean> {
  const show = flags.json === true ? terminal.note : terminal.print;
  for (const step of steps) for (const line of formatStep(step)) show(line);
  const todo = steps.filter(({ action }) => action === "remove" || action === "restore");
  if (steps.length === 0) show("Setup made nothing here that this workspace knows of.");
  show("");
  if (todo.length > 0 && flags.yes !== true)
    await askOrRefuse(terminal, `Remove or put back ${formatNumberOf(todo.length, "thing")}?`);
  return true;
}

/** Says that a step of an undo was done. */
export function noteUndone({ name, action }: SetupStep, { terminal }: Shown): void {
  if (action !== "gone") terminal.note(`${done[action]} ${name}`);
}

/** What an undo did, as JSON. */
export function printUndone(steps: readonly SetupStep[], { terminal, flags }: Shown): void {
  if (flags.json !== true) return;
  printJson(terminal, { steps: steps.map(({ name, action, about = null }) => ({ name, action, why: about })) });
}

import { formatNumberOf } from "../report/format.ts";
import type { OpenedUndo, UndoStep } from "../setup/undo-setup.ts";
import { askOrRefuse } from "./ask.ts";
import { colors } from "./display/colors.ts";
import { type CommandSession, printJson } from "./open-session.ts";
import type { CommonFlags } from "./options.ts";
import { formatDiff } from "./print-setup.ts";

interface Shown extends Pick<CommandSession, "terminal" | "progress"> {
  readonly flags: CommonFlags;
}

const done = { remove: "removed", restore: "put back", gone: "gone already:", leave: "left" } as const;

function formatStep({ name, action, why, now, before }: UndoStep): string[] {
  switch (action) {
    case "remove":
      return [colors.red(`  - ${name}`)];
    case "restore":
      return [colors.yellow(`  ~ ${name}, as it was before`), ...formatDiff(now, before)];
    case "gone":
      return [colors.dim(`    ${name}: not there any more`)];
    case "leave":
      return [`  = ${name} stays: ${why}`];
  }
}

/** Shows what would be removed or put back, asks, and does it. @throws NOT_CONFIRMED, DECLINED, UNDO_CONFLICT */
export async function printUndo(undo: OpenedUndo, { terminal, progress, flags }: Shown): Promise<void> {
  const show = flags.json === true ? terminal.note : terminal.print;
  for (const step of undo.steps) for (const line of formatStep(step)) show(line);
  const todo = undo.steps.filter(({ action }) => action === "remove" || action === "restore");
  if (undo.steps.length === 0) show("Setup made nothing here that this workspace knows of.");
  show("");
  if (todo.length > 0 && flags.yes !== true) {
    await askOrRefuse(terminal, `Remove or put back ${formatNumberOf(todo.length, "thing")}?`);
  }
  await undo.apply(({ name, action }) => {
    progress.end();
    if (action !== "gone") terminal.note(`${done[action]} ${name}`);
  });
  if (flags.json === true) {
    printJson(terminal, { steps: undo.steps.map(({ name, action, why = null }) => ({ name, action, why })) });
  }
}

import { endJson } from "../json/json-document.ts";

/** Ctrl-C at a question: nothing was sent. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/**
 * Says on Ctrl-C that the same command goes on from where it was: of work that is runs of its own, before the one that has an id.
 * @returns what ends that
 */
export function explainInterrupt(): () => void {
  const onInterrupt = (): void => {
    const words = "interrupted. What was asked is kept, and jobs go on: the same command goes on from there.";
    process.stderr.write(`\n${words}\n`);
    const document = endJson({ error: { code: "INTERRUPTED", message: words } });
    if (document === undefined) process.exit(130);
    process.stdout.write(`${document}\n`, () => process.exit(130));
  };
  process.once("SIGINT", onInterrupt);
  return () => void process.removeListener("SIGINT", onInterrupt);
}

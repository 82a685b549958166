import { HalfpriceError } from "../foundation/errors/index.ts";
import { quoteWord } from "../foundation/shell-word.ts";
import type { Terminal } from "./terminal.ts";

/** Asks, and goes on only after a yes. @throws NOT_CONFIRMED where there is no terminal to ask on, DECLINED */
export async function askOrRefuse(terminal: Terminal, question: string): Promise<void> {
  const answer = await terminal.confirm(question);
  if (answer === undefined) {
    throw new HalfpriceError("NOT_CONFIRMED", {
      command: `halfprice ${process.argv.slice(2).map(quoteWord).join(" ")}`,
    });
  }
  if (!answer) throw new HalfpriceError("DECLINED", {});
}

/** What a model's answer becomes under a record's fault. */
import { cutText } from "../models/answers/cut-text.ts";
import type { Reply } from "../models/family.ts";
import type { RecordFault } from "./fault-plan.ts";

const replies: Readonly<Partial<Record<RecordFault & string, (reply: Reply) => Reply>>> = {
  // X5
  refused: (reply) => ({ ...reply, text: "", reason: "refusal", outputTokens: 1 }),
  filtered: (reply) => ({ ...reply, text: "", reason: "filtered", outputTokens: 0 }),
  // X1: the text ends somewhere in its middle, as JSON does at the limit of tokens
  truncated: (reply) => ({ ...reply, text: cutText(reply.text, Math.ceil(reply.text.length / 2)), reason: "length" }),
  // X4: all went into reasoning
  empty: (reply) => ({ ...reply, text: "", reason: "length" }),
  // X2
  fenced: (reply) => ({ ...reply, text: `\`\`\`json\n${reply.text}\n\`\`\`` }),
  prose: (reply) => ({
    ...reply,
    text: `Here is the answer you asked for:\n\n${reply.text}\n\nLet me know if you need anything else.`,
  }),
  // X3
  "wrong-shape": (reply) => ({ ...reply, text: JSON.stringify({ result: { value: reply.text } }) }),
  // C7: signs at which some readers split lines
  separators: (reply) => ({ ...reply, text: `${reply.text}\u0085and\u2028so on` }),
};

/** The change that a fault makes to an answer, or undefined where it makes none. */
export const findSpoiler = (fault: RecordFault | undefined): ((reply: Reply) => Reply) | undefined =>
  typeof fault === "string" ? replies[fault] : undefined;

import { csv, defineBatch } from "halfprice";

/** Reads conversations as an auditor does: what in them is of concern, and what someone did about it. */
export default defineBatch({
  name: "analyze",
  input: csv<{ meeting: string; topic: string; conversation: string }>("conversations.csv"),
  model: "claude-sonnet-4.6",
  maxTokens: 1500,
  system: "You are a quality auditor. You judge only what was said, and quote it.",
  // A schema of Zod, or of another library that follows Standard Schema, may stand here as well.
  output: {
    type: "object",
    properties: {
      concerns: {
        type: "array",
        items: {
          type: "object",
          properties: {
            concern: { type: "string" },
            quote: { type: "string" },
            severity: { type: "string", enum: ["low", "medium", "high"] },
          },
          required: ["concern", "quote", "severity"],
          additionalProperties: false,
        },
      },
      interventions: { type: "array", items: { type: "string" } },
    },
    required: ["concerns", "interventions"],
    additionalProperties: false,
  },
  prompt: (row) =>
    [
      "Which concerns does this conversation show, how severe is each, and which interventions were made?",
      `Topic: ${row.topic}`,
      `Conversation:\n${row.conversation}`,
    ].join("\n\n"),
});

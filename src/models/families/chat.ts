import { type JsonObject, readTurns } from "../body-summary.ts";
import { makeSystemText } from "../describe-schema.ts";
import type { BodyRequest } from "../family.ts";

/** The messages of a chat body: a system message where there is a system prompt, then the user's. */
export function makeChatMessages(text: string, request: BodyRequest): object[] {
  const system = makeSystemText(request);
  return [...(system === undefined ? [] : [{ role: "system", content: system }]), { role: "user", content: text }];
}

/** The turns of a chat body without its system messages. */
export function readChatTurns(body: JsonObject): ReturnType<typeof readTurns> {
  return readTurns(body["messages"])?.filter(({ role }) => role !== "system" && role !== "developer");
}

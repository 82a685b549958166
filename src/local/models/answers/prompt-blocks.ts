/** The blocks of a request in the order in which they are cached (tools, system, messages), with the marks between them. */
import type { CacheTtl } from "../cache-use.ts";
import { isObject, type JsonObject, memberOf } from "../family.ts";
import { countTokens } from "../tokens.ts";

export interface PromptBlock {
  readonly section: "tools" | "system" | "messages";
  /** What has to be the same for a hit: the block without its mark, and whose it is. */
  readonly text: string;
  readonly tokens: number;
  /** Set where the block is the end of what is to be cached. */
  ttl?: CacheTtl;
}

// As a request's tokens are counted: what a turn's own marks cost.
const tokensPerTurn = 4;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const ttlOf = (mark: unknown): CacheTtl => (isObject(mark) && mark["ttl"] === "1h" ? "1h" : "5m");

/** Anthropic's `cache_control` lies in the block that it ends, `cachePoint` behind it or in it. */
export function readPromptBlocks(body: JsonObject): readonly PromptBlock[] {
  const blocks: PromptBlock[] = [];
  const add = (section: PromptBlock["section"], owner: string, value: unknown, ownTokens: number): void => {
    const { cache_control: control, cachePoint: point, ...rest } = isObject(value) ? value : { text: value };
    const mark = control ?? point;
    if (Object.keys(rest).length > 0) {
      const { text } = rest as { readonly text?: unknown };
      const said = section === "tools" ? JSON.stringify(rest) : typeof text === "string" ? text : "";
      const tokens = countTokens(said) + ownTokens;
      blocks.push({ section, text: JSON.stringify([section, owner, rest]), tokens });
    }
    const last = blocks.at(-1);
    if (last !== undefined && isObject(mark)) last.ttl = ttlOf(mark);
  };
  const addContent = (section: "system" | "messages", owner: string, content: unknown): void => {
    const all = typeof content === "string" ? [content] : listOf(content);
    for (const [index, block] of all.entries()) add(section, owner, block, index === 0 ? tokensPerTurn : 0);
  };
  for (const tool of listOf(body["tools"] ?? memberOf(body, "toolConfig")["tools"])) add("tools", "", tool, 0);
  addContent("system", "", body["system"]);
  for (const [index, message] of listOf(body["messages"]).entries()) {
    if (isObject(message)) addContent("messages", `${index} ${String(message["role"])}`, message["content"]);
  }
  return blocks;
}

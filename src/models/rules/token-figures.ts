/** Data: token counts that the real service reported for texts of known length. Lengths and counts only, no texts. */

/** A measured number of tokens and its source. */
export interface TokenFigure {
  /** The base model's id. */
  readonly model: string;
  /** `request`: a whole request's input tokens. `answer`: an answer's output tokens, which have no frame around them. */
  readonly kind: "request" | "answer";
  /** Letters of all texts, all of them ASCII. */
  readonly letters: number;
  readonly tokens: number;
  /** What the text is. */
  readonly text: "sentence" | "prose" | "list" | "json" | "conversation";
  readonly source: string;
}

const cassettes = "recorded exchanges, pydantic/pydantic-ai tests/models/cassettes/test_bedrock, 2026";
const traces = "recorded exchanges, traceloop/openllmetry bedrock cassettes, 2025";

const figure = (
  model: string,
  kind: TokenFigure["kind"],
  letters: number,
  tokens: number,
  text: TokenFigure["text"],
  source: string,
): TokenFigure => ({ model, kind, letters, tokens, text, source });

/** Read 2026-11-21. */
export const tokenFigures: readonly TokenFigure[] = [
  figure("anthropic.claude-sonnet-4-5-20250929-v1:0", "request", 56, 21, "sentence", cassettes),
  figure("anthropic.claude-sonnet-4-5-20250929-v1:0", "answer", 274, 69, "prose", cassettes),
  figure("anthropic.claude-sonnet-4-6", "request", 26, 14, "sentence", cassettes),
  figure("anthropic.claude-sonnet-4-6", "request", 1250, 358, "conversation", cassettes),
  figure("anthropic.claude-sonnet-4-6", "answer", 1230, 322, "list", cassettes),
  figure("anthropic.claude-3-7-sonnet-20250219-v1:0", "request", 52, 20, "sentence", traces),
  figure("anthropic.claude-3-7-sonnet-20250219-v1:0", "answer", 308, 72, "prose", traces),
  figure("amazon.nova-micro-v1:0", "request", 24, 7, "sentence", cassettes),
  figure("amazon.nova-micro-v1:0", "request", 30, 7, "sentence", cassettes),
  figure("amazon.nova-micro-v1:0", "request", 56, 13, "sentence", cassettes),
  figure("amazon.nova-micro-v1:0", "answer", 147, 39, "prose", cassettes),
  figure("amazon.nova-micro-v1:0", "answer", 342, 73, "prose", cassettes),
  figure("amazon.nova-pro-v1:0", "request", 58, 13, "sentence", cassettes),
  figure("amazon.nova-pro-v1:0", "answer", 310, 67, "prose", cassettes),
  figure("amazon.nova-pro-v1:0", "answer", 647, 132, "list", cassettes),
  // Of early 2025, with a frame that the later recordings do not have.
  figure("amazon.nova-lite-v1:0", "request", 48, 30, "sentence", traces),
  figure("meta.llama3-2-1b-instruct-v1:0", "request", 77, 52, "sentence", traces),
  figure("meta.llama3-2-1b-instruct-v1:0", "answer", 132, 30, "prose", traces),
  figure("openai.gpt-oss-120b-1:0", "request", 30, 74, "sentence", cassettes),
  figure("openai.gpt-oss-120b-1:0", "answer", 428, 110, "prose", cassettes),
  figure("deepseek.r1-v1:0", "request", 26, 12, "sentence", cassettes),
  figure("qwen.qwen3-32b-v1:0", "request", 30, 19, "sentence", cassettes),
  figure("qwen.qwen3-32b-v1:0", "request", 78, 30, "sentence", cassettes),
  figure("qwen.qwen3-32b-v1:0", "answer", 77, 33, "json", cassettes),
  figure("mistral.mistral-large-3-675b-instruct", "request", 78, 21, "sentence", cassettes),
  figure("mistral.mistral-large-3-675b-instruct", "answer", 63, 26, "json", cassettes),
  figure("google.gemma-3-27b-it", "request", 78, 27, "sentence", cassettes),
  figure("google.gemma-3-27b-it", "answer", 70, 34, "json", cassettes),
  figure("minimax.minimax-m2", "request", 78, 40, "sentence", cassettes),
  figure("minimax.minimax-m2", "answer", 1080, 231, "prose", cassettes),
  figure("nvidia.nemotron-nano-12b-v2", "request", 78, 33, "sentence", cassettes),
  figure("nvidia.nemotron-nano-12b-v2", "answer", 69, 30, "json", cassettes),
  figure("zai.glm-4.7-flash", "request", 52, 21, "sentence", cassettes),
  figure("zai.glm-4.7-flash", "answer", 40, 15, "json", cassettes),
];

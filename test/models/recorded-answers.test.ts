import { describe, expect, it } from "vitest";
import { findRequestFamily } from "../../src/models/families/index.ts";
import { readOutputLines } from "../support/read-lines.ts";

interface Recording {
  /** Where and when it was seen; the members and their order are the record's, words and figures are shortened. */
  readonly source: string;
  readonly family: string;
  readonly invocation: "InvokeModel" | "Converse";
  readonly line: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

const recordings: readonly Recording[] = [
  {
    source: "ybalbert001/intelligent-bedrock-batch-inference, a line pasted into glue_bedrock_batch_inference.py, 2024",
    family: "anthropic-messages",
    invocation: "InvokeModel",
    line: '{"modelInput":{"messages":[]},"modelOutput":{"id":"msg_bdrk_01","type":"message","role":"assistant","model":"claude-3-haiku-20240307","content":[{"type":"text","text":"家电"}],"stop_reason":"stop_sequence","stop_sequence":"</translation>","usage":{"input_tokens":111,"output_tokens":73}},"recordId":"meta_Appliances_0_0"}',
    expected: {
      record_id: "meta_Appliances_0_0",
      answer: "家电",
      stop_reason: "stop_sequence",
      input_tokens: 111,
      output_tokens: 73,
    },
  },
  {
    source: "recorded InvokeModel exchanges of Claude with cache counters, 2026",
    family: "anthropic-messages",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"model":"claude-opus-5","id":"msg_bdrk_02","type":"message","role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"x"},{"type":"text","text":"Yes"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":4}},"recordId":"a"}',
    expected: {
      answer: "Yes",
      _halfprice_reasoning: "Hm.",
      stop_reason: "end_turn",
      input_tokens: 15,
      output_tokens: 4,
    },
  },
  {
    source:
      "aws-samples notebook batch-inference-launch-and-compare-jobs reads output.message.content[0].text, 2025-01",
    family: "amazon-nova",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"output":{"message":{"content":[{"text":"Hello"}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":813,"outputTokens":169,"totalTokens":982,"cacheReadInputTokenCount":0,"cacheWriteInputTokenCount":0}},"recordId":"CALL0000001"}',
    expected: { answer: "Hello", stop_reason: "end_turn", input_tokens: 813, output_tokens: 169 },
  },
  {
    source: "explicit nulls of a Converse job, field notes of one account, 2026-08",
    family: "openai-chat",
    invocation: "Converse",
    line: '{"modelInput":{},"modelOutput":{"metrics":{"latencyMs":9},"output":{"message":{"content":[{"text":null,"image":null,"document":null,"toolUse":null,"reasoningContent":{"reasoningText":{"text":"So.","signature":null},"redactedContent":null}},{"text":"hi","image":null,"document":null,"toolUse":null,"reasoningContent":null}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":9,"outputTokens":3,"totalTokens":12,"cacheReadInputTokens":null,"cacheWriteInputTokens":null}},"error":null,"recordId":"rec_000266"}',
    expected: { answer: "hi", _halfprice_reasoning: "So.", stop_reason: "end_turn", input_tokens: 9, output_tokens: 3 },
  },
  {
    source: "Converse exchange with caching, recorded 2026: totalTokens counts cache reads, inputTokens does not",
    family: "anthropic-messages",
    invocation: "Converse",
    line: '{"modelInput":{},"modelOutput":{"output":{"message":{"content":[{"text":"ok"}],"role":"assistant"}},"stopReason":"content_filtered","usage":{"cacheReadInputTokenCount":5,"cacheReadInputTokens":5,"cacheWriteInputTokenCount":0,"cacheWriteInputTokens":0,"inputTokens":4,"outputTokens":1,"totalTokens":10}},"recordId":"b"}',
    expected: { outcome: "refused", answer: null, raw: "ok", input_tokens: 9, output_tokens: 1 },
  },
  {
    source: "AWS's page of the parameters of OpenAI models, reasoning in tags, 2026",
    family: "openai-chat",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"id":"chatcmpl-1","object":"chat.completion","created":1793500000,"model":"openai.gpt-oss-20b-1:0","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"<reasoning>Two\\nlines</reasoning>Hello"}}],"usage":{"prompt_tokens":20,"completion_tokens":30,"total_tokens":50}},"recordId":"c"}',
    expected: {
      answer: "Hello",
      _halfprice_reasoning: "Two\nlines",
      stop_reason: "stop",
      input_tokens: 20,
      output_tokens: 30,
    },
  },
  {
    source: "the same, cut off by the limit inside the reasoning",
    family: "openai-chat",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"choices":[{"index":0,"finish_reason":"length","message":{"role":"assistant","content":"<reasoning>On and on"}}],"usage":{"prompt_tokens":20,"completion_tokens":5}},"recordId":"d"}',
    expected: { outcome: "truncated", answer: null, _halfprice_reasoning: "On and on", output_tokens: 5 },
  },
  {
    source: "AWS's page of the parameters of Llama models, 2026",
    family: "meta-llama",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"generation":"\\n\\nHello","prompt_token_count":9,"generation_token_count":12,"stop_reason":"length"},"recordId":"e"}',
    expected: { outcome: "truncated", raw: "Hello", stop_reason: "length", input_tokens: 9, output_tokens: 12 },
  },
  {
    source: "AWS's page of Mistral's chat completion: no usage object, 2026",
    family: "mistral-chat",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"choices":[{"index":0,"message":{"role":"assistant","content":"Salut"},"stop_reason":"stop"}]},"recordId":"f"}',
    expected: { answer: "Salut", stop_reason: "stop", input_tokens: null, output_tokens: null },
  },
  {
    source:
      "BerriAI/litellm issue 41750, a real Titan Text Embeddings V2 output record: no usage, only inputTextTokenCount",
    family: "titan-text-embeddings",
    invocation: "InvokeModel",
    line: '{"modelInput":{"inputText":"Hello"},"modelOutput":{"embedding":[0.5,0.5,0.5,0.5],"embeddingsByType":{"float":[0.5,0.5,0.5,0.5]},"inputTextTokenCount":5},"recordId":"g"}',
    expected: { outcome: "answered", embedding: [0.5, 0.5, 0.5, 0.5], input_tokens: 5, output_tokens: 0 },
  },
  {
    source:
      "recorded InvokeModel exchange of Nova embeddings: embeddings[].{embedding, embeddingType}, no tokens, 2026",
    family: "nova-embeddings",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"embeddings":[{"embedding":[0.5,0.5,0.5,0.5],"embeddingType":"TEXT"}]},"recordId":"h"}',
    expected: { outcome: "answered", embedding: [0.5, 0.5, 0.5, 0.5], input_tokens: null, output_tokens: null },
  },
  {
    source: "the same with a vector of another length than was asked for",
    family: "nova-embeddings",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"embeddings":[{"embedding":[0.5,0.5],"embeddingType":"TEXT"}]},"recordId":"i"}',
    expected: { outcome: "invalid", embedding: null, error: expect.stringContaining("no vector of the type FLOAT[4]") },
  },
  {
    source: "BerriAI/litellm issue 36156, 2026-08-07",
    family: "anthropic-messages",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"error":{"errorCode":400,"errorMessage":"anthropic_version: Field required"},"recordId":"j"}',
    expected: { outcome: "error", error: "anthropic_version: Field required (400)", input_tokens: null },
  },
  {
    source: "an error that is a text",
    family: "anthropic-messages",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"error":"Internal failure","recordId":"k"}',
    expected: { outcome: "error", error: "Internal failure" },
  },
  {
    source: "an empty error beside an answer: the answer counts",
    family: "anthropic-messages",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"content":[{"type":"text","text":"Yes"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}},"error":"","recordId":"l"}',
    expected: { outcome: "answered", answer: "Yes", error: null },
  },
  {
    source: "an empty error and no answer",
    family: "anthropic-messages",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"error":{},"recordId":"m"}',
    expected: { outcome: "error", error: expect.stringContaining("neither an answer nor an error") },
  },
  {
    source: "Anthropic's form of an error in the answer's place, 2026",
    family: "anthropic-messages",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}},"recordId":"n"}',
    expected: { outcome: "error", error: "Overloaded (overloaded_error)" },
  },
  {
    source: "the same without the inner object",
    family: "anthropic-messages",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"type":"error","message":"The model is not ready"},"recordId":"o"}',
    expected: { outcome: "error", error: expect.stringContaining("The model is not ready") },
  },
  {
    source: "reasoning without its opening tag, which the model's template begins with; line breaks before the answer",
    family: "openai-chat",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Let me see.\\n</think>\\n\\nPositive"}}],"usage":{"prompt_tokens":20,"completion_tokens":9}},"recordId":"p"}',
    expected: { outcome: "answered", answer: "Positive", _halfprice_reasoning: "Let me see.", output_tokens: 9 },
  },
  {
    source: "an answer that speaks of the tags keeps them",
    family: "openai-chat",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Write <think> and </think> around it"}}],"usage":{"prompt_tokens":20,"completion_tokens":9}},"recordId":"q"}',
    expected: { outcome: "answered", answer: "Write <think> and </think> around it", _halfprice_reasoning: null },
  },
  {
    source: "line breaks before an open model's answer, through Converse",
    family: "openai-chat",
    invocation: "Converse",
    line: '{"modelInput":{},"modelOutput":{"output":{"message":{"content":[{"text":"\\n\\nhi"}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":9,"outputTokens":3,"totalTokens":12}},"recordId":"r"}',
    expected: { outcome: "answered", answer: "hi" },
  },
  {
    source: "AWS's page of extended thinking of Nova 2: the thoughts are hidden and billed, read 2026-11-30",
    family: "amazon-nova",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"[REDACTED]"}}},{"text":"Based on it, yes."}]}},"stopReason":"end_turn","usage":{"inputTokens":45,"outputTokens":1240,"totalTokens":1285}},"recordId":"s"}',
    expected: {
      ...{ outcome: "answered", answer: "Based on it, yes.", _halfprice_reasoning: "[REDACTED]" },
      ...{ output_tokens: 1240, reasoning_tokens: 1235, is_reasoning_told: false },
    },
  },
  {
    source: "reasoning tokens as OpenAI's form reports them",
    family: "openai-chat",
    invocation: "InvokeModel",
    line: '{"modelInput":{},"modelOutput":{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hello"}}],"usage":{"prompt_tokens":20,"completion_tokens":30,"completion_tokens_details":{"reasoning_tokens":25}}},"recordId":"t"}',
    expected: { outcome: "answered", reasoning_tokens: 25, is_reasoning_told: true },
  },
];

describe("a recorded answer", () => {
  it.each(recordings)("is read as it was: $source", async ({ family, invocation, line, expected }) => {
    const found = findRequestFamily(family, invocation);
    if (found === undefined) throw new Error(`no family ${family}`);
    const kind =
      found.kind === "embedding" ? { dimensions: 4 } : { hasReasoning: found.answer.reasoning !== undefined };
    const [row, ...more] = await readOutputLines(found.answer, [line], { kind });
    expect(more).toEqual([]);
    expect(row).toMatchObject(expected);
  });
});

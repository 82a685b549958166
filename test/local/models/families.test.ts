import { describe, expect, it } from "vitest";
import { simulatedAnswers } from "../../../src/local/models/answers/answers.ts";
import { findModel } from "../../../src/local/models/catalogue.ts";
import { type InvokeOptions, invoke, type Outcome } from "../../../src/local/models/invoke.ts";
import { claudeBody } from "../bedrock/job-bench.ts";

const ask = (modelId: string, body: unknown, more: Partial<InvokeOptions> = {}): Outcome => {
  const model = findModel(modelId);
  if (model === undefined) throw new Error(`no model ${modelId}`);
  const outcome = invoke(body, {
    model,
    answers: simulatedAnswers,
    shape: "InvokeModel",
    batch: true,
    nowMs: 1_800_000_000_000,
    seed: 1,
    ...more,
  });
  if (outcome instanceof Promise) throw new Error("a simulated answer is there at once");
  return outcome;
};
const answer = (...args: Parameters<typeof ask>): Record<string, unknown> => {
  const outcome = ask(...args);
  if (!outcome.ok) throw new Error(outcome.message);
  return JSON.parse(outcome.json) as Record<string, unknown>;
};
const problem = (...args: Parameters<typeof ask>): string => {
  const outcome = ask(...args);
  return outcome.ok ? `answered: ${outcome.json}` : `${outcome.status} ${outcome.message}`;
};
const converse = { shape: "Converse" } as const;
const user = (text: string) => ({ role: "user", content: [{ text }] });

const haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
const nova = "amazon.nova-micro-v1:0";
const llama = "meta.llama3-3-70b-instruct-v1:0";
const oss = "openai.gpt-oss-20b-1:0";
const titan = "amazon.titan-embed-text-v2:0";

describe("an answer's shape", () => {
  it("is Anthropic's for Claude, members in the recorded order, named as Anthropic names the model", () => {
    const outcome = ask(haiku, claudeBody("Hi"));
    expect(outcome.ok && outcome.json).toMatch(
      /^\{"id":"msg_bdrk_01\w{22}","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001","content":\[\{"type":"text","text":"This is a simulated answer; no language model has read the request\. .*"\}\],"stop_reason":"end_turn","stop_sequence":null,"usage":\{"input_tokens":8,"output_tokens":\d+,/,
    );
    expect(answer("anthropic.claude-opus-4-6-v1", claudeBody("Hi"))).toMatchObject({ model: "claude-opus-4-6" });
    expect(answer("anthropic.claude-opus-5", claudeBody("Hi"))).toMatchObject({ model: "claude-opus-5" });
  });

  it("is Nova's for Nova, with both spellings of its limit", () => {
    for (const inferenceConfig of [{ maxTokens: 4 }, { max_new_tokens: 4 }]) {
      expect(answer(nova, { messages: [user("Say something long")], inferenceConfig })).toMatchObject({
        output: { message: { role: "assistant", content: [{ text: expect.any(String) as unknown }] } },
        stopReason: "max_tokens",
        usage: { outputTokens: 4 },
      });
    }
  });

  it("is Llama's for Llama, whose prompt carries its turns", () => {
    const prompt =
      "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nClassify.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nIs it good or bad?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n";
    expect(answer(llama, { prompt, max_gen_len: 100 })).toEqual({
      generation: expect.stringContaining('"Is it good or bad?"') as unknown,
      prompt_token_count: expect.any(Number) as unknown,
      generation_token_count: expect.any(Number) as unknown,
      stop_reason: "stop",
    });
  });

  it("is OpenAI's for the open-weight models, with the reasoning before gpt-oss's text", () => {
    const chat = {
      messages: [
        { role: "system", content: "Be brief" },
        { role: "user", content: "Hi" },
      ],
      max_completion_tokens: 100,
    };
    expect(answer("qwen.qwen3-32b-v1:0", chat)).toMatchObject({
      object: "chat.completion",
      created: 1_800_000_000,
      model: "qwen.qwen3-32b-v1:0",
      choices: [
        {
          index: 0,
          finish_reason: "stop",
          message: { role: "assistant", content: expect.stringMatching(/^This is a simulated/) as unknown },
        },
      ],
      usage: {
        prompt_tokens: expect.any(Number) as unknown,
        completion_tokens: expect.any(Number) as unknown,
        total_tokens: expect.any(Number) as unknown,
      },
    });
    const reasoned = answer(oss, chat) as { choices: { message: { content: string } }[] };
    expect(reasoned.choices[0]?.message.content).toMatch(/^<reasoning>.*<\/reasoning>This is a simulated/);
  });

  it("has no usage for Mistral's own chat, and outputs for its prompt", () => {
    const chat = answer("mistral.mistral-large-2407-v1:0", { messages: [{ role: "user", content: "Hi" }] });
    expect(Object.keys(chat)).toEqual(["choices"]);
    expect(answer("mistral.mistral-small-2402-v1:0", { prompt: "<s>[INST] Hi [/INST]" })).toMatchObject({
      outputs: [{ stop_reason: "stop" }],
    });
  });

  it("is a vector for Titan, of the asked length and kinds, twice where AWS writes it twice", () => {
    const full = answer(titan, { inputText: "Hello world" }) as {
      embedding: number[];
      embeddingsByType: { float: number[] };
    };
    expect(Object.keys(full)).toEqual(["embedding", "embeddingsByType", "inputTextTokenCount"]);
    expect(full.embedding).toHaveLength(1024);
    expect(full.embeddingsByType.float).toEqual(full.embedding);
    const binary = answer(titan, { inputText: "Hello", dimensions: 256, embeddingTypes: ["binary"] }) as {
      embeddingsByType: { binary: number[] };
    };
    expect(binary).not.toHaveProperty("embedding");
    expect(new Set(binary.embeddingsByType.binary)).toEqual(new Set([0, 1]));
    expect(
      answer("amazon.titan-embed-image-v1", { inputText: "Hi", embeddingConfig: { outputEmbeddingLength: 384 } }),
    ).toMatchObject({ message: null });
    expect(
      answer("amazon.nova-2-multimodal-embeddings-v1:0", {
        taskType: "SINGLE_EMBEDDING",
        singleEmbeddingParams: {
          embeddingPurpose: "CLUSTERING",
          embeddingDimension: 256,
          text: { truncationMode: "END", value: "Hi" },
        },
      }),
    ).toMatchObject({ embeddings: [{ embeddingType: "TEXT" }] });
  });

  it("is Converse's for every text model, with explicit nulls in batch only", () => {
    const body = { messages: [user("Hi")], system: [{ text: "Be brief" }], inferenceConfig: { maxTokens: 100 } };
    for (const id of [haiku, nova, llama, oss, "mistral.mistral-large-2407-v1:0"]) {
      const batch = answer(id, body, converse) as { output: { message: { content: Record<string, unknown>[] } } };
      expect(Object.keys(batch)).toEqual(["metrics", "output", "stopReason", "usage"]);
      const block = batch.output.message.content.find(({ text }) => text !== null);
      expect(block).toMatchObject({ text: expect.stringMatching(/^This is/) as unknown, image: null, toolUse: null });
      const live = answer(id, body, { ...converse, batch: false }) as typeof batch;
      expect(live.output.message.content.at(-1)).toEqual({ text: expect.any(String) as unknown });
    }
    const reasoned = answer(oss, body, converse) as {
      output: { message: { content: { reasoningContent: unknown }[] } };
    };
    expect(reasoned.output.message.content[0]?.reasoningContent).toHaveProperty("reasoningText.text");
  });

  it("is the same for the same request, always", () => {
    expect(ask(haiku, claudeBody("Hi"))).toEqual(ask(haiku, claudeBody("Hi")));
  });
});

describe("a body that does not fit its model fails with AWS's words", () => {
  const claude: readonly [string, Record<string, unknown>, string][] = [
    ["no version", { anthropic_version: undefined }, "400 anthropic_version: Field required"],
    ["no limit", { max_tokens: undefined }, "400 max_tokens: Field required"],
    ["a model in the body", { model: "claude" }, "400 model: Extra inputs are not permitted"],
    ["a stream", { stream: true }, "400 stream: Extra inputs are not permitted"],
    [
      "both sampling parameters",
      { temperature: 0.5, top_p: 0.5 },
      "400 `temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    ],
    [
      "an empty text",
      { messages: [{ role: "user", content: "" }] },
      "400 messages.0: all messages must have non-empty content except for the optional final assistant message",
    ],
    [
      "an empty block",
      { messages: [{ role: "user", content: [{ type: "text", text: "" }] }] },
      "400 messages: text content blocks must be non-empty",
    ],
    ["no messages", { messages: [] }, "400 messages: at least one message is required"],
    [
      "an answer first",
      { messages: [{ role: "assistant", content: "Hi" }] },
      '400 messages: first message must use the "user" role',
    ],
    [
      "another role",
      { messages: [{ role: "system", content: "Hi" }] },
      '400 messages: Unexpected role "system". Allowed roles are "user" or "assistant"',
    ],
    [
      "too high a limit",
      { max_tokens: 64_001 },
      "400 max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001",
    ],
    [
      "cache markers",
      { system: [{ type: "text", text: "x", cache_control: { type: "ephemeral" } }] },
      "400 You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.",
    ],
  ];
  it.each(claude)("Claude: %s", (_, more, words) => {
    expect(problem(haiku, claudeBody("Hi", more))).toBe(words);
  });

  it("Claude: Converse's body in an InvokeModel job", () => {
    expect(problem(haiku, { messages: [user("Hi")], inferenceConfig: { maxTokens: 1 } })).toBe(
      "400 Malformed input request: #: required key [max_tokens] not found#: required key [anthropic_version] not found#: extraneous key [inferenceConfig] is not permitted, please reformat your input and try again.",
    );
  });

  it("Claude: what newer models no longer take", () => {
    expect(problem("anthropic.claude-opus-5", claudeBody("Hi", { temperature: 0 }))).toBe(
      "400 `temperature` is deprecated for this model",
    );
    expect(problem("anthropic.claude-opus-5", claudeBody("Hi", { top_p: 1 }))).toBe(
      "400 `top_p` is deprecated for this model",
    );
    const prefill = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "{" },
    ];
    expect(problem("anthropic.claude-sonnet-4-6", claudeBody("", { messages: prefill }))).toBe(
      "400 This model does not support assistant message prefill. The conversation must end with a user message.",
    );
    expect(problem(haiku, claudeBody("", { messages: prefill }))).toMatch(/^answered/);
  });

  const conversation: readonly [string, unknown, string][] = [
    [
      "an answer first",
      { messages: [{ role: "assistant", content: [{ text: "Hi" }] }] },
      "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
    ],
    [
      "two turns of one role",
      { messages: [user("a"), user("b")] },
      "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
    ],
    [
      "no content",
      { messages: [{ role: "user", content: [] }] },
      "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field and try again.",
    ],
    [
      "blank text",
      { messages: [user("  ")] },
      "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.",
    ],
    [
      "a document alone",
      { messages: [{ role: "user", content: [{ document: {} }] }] },
      "A text block must be included alongside a document block.",
    ],
    [
      "tools without a table of them",
      { messages: [{ role: "user", content: [{ toolResult: {} }] }] },
      "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
    ],
    [
      "a foreign key",
      { messages: [user("Hi")], thinking: {} },
      "Malformed input request: #: extraneous key [thinking] is not permitted, please reformat your input and try again.",
    ],
    [
      "the model's own body",
      claudeBody("Hi"),
      "Malformed input request: #: extraneous key [anthropic_version] is not permitted#: extraneous key [max_tokens] is not permitted, please reformat your input and try again.",
    ],
    [
      "too high a limit",
      { messages: [user("Hi")], inferenceConfig: { maxTokens: 10_001 } },
      "The maximum tokens you requested exceeds the model limit of 10000. Try again with a maximum tokens value that is lower than 10000.",
    ],
    [
      "a cache point",
      { messages: [{ role: "user", content: [{ text: "Hi" }, { cachePoint: { type: "default" } }] }] },
      "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.",
    ],
  ];
  it.each(conversation)("Converse: %s", (_, body, words) => {
    expect(problem(nova, body, converse)).toBe(`400 ${words}`);
  });

  const others: readonly [string, string, unknown, string][] = [
    [
      "Nova: a limit over its own",
      nova,
      { messages: [user("Hi")], inferenceConfig: { maxTokens: 10_001 } },
      "The maximum tokens you requested exceeds the model limit of 10000.",
    ],
    [
      "Nova: an OpenAI image",
      nova,
      { messages: [{ role: "user", content: [{ image_url: {} }] }] },
      "#/messages/0/content/0: extraneous key [image_url] is not permitted",
    ],
    [
      "Nova: text as content",
      nova,
      { messages: [{ role: "user", content: "Hi" }] },
      "#/messages/0/content: expected type: JSONArray, found: String",
    ],
    [
      "Llama: messages",
      llama,
      { messages: [], max_new_tokens: 5 },
      "#: required key [prompt] not found#: extraneous key [messages] is not permitted#: extraneous key [max_new_tokens] is not permitted",
    ],
    [
      "Llama: a limit over its own",
      llama,
      { prompt: "Hi", max_gen_len: 5000 },
      "#/max_gen_len: 5000 is not less or equal to 2048",
    ],
    [
      "Titan: no text",
      titan,
      { text: "Hi" },
      "#: required key [inputText] not found#: extraneous key [text] is not permitted",
    ],
    ["Titan: an empty text", titan, { inputText: "" }, "#/inputText: expected minLength: 1, actual: 0"],
    [
      "Titan: another length",
      titan,
      { inputText: "Hi", dimensions: 300 },
      "#/dimensions: 300 is not a valid enum value",
    ],
    [
      "gpt-oss: another model",
      oss,
      { messages: [{ role: "user", content: "Hi" }], model: "gpt-4" },
      "does not match openai.gpt-oss-20b-1:0",
    ],
    ["no object", haiku, [], "expected type: JSONObject"],
  ];
  it.each(others)("%s", (_, id, body, words) => {
    expect(problem(id, body)).toContain(words);
  });

  it("Converse of a model that only embeds", () => {
    expect(problem(titan, { messages: [user("Hi")] }, converse)).toContain(
      "doesn't support the model that you provided",
    );
  });
});

describe("a forced tool", () => {
  const schema = { type: "object", properties: { mood: { enum: ["happy", "sad"] } }, required: ["mood"] };
  it("is called with arguments that fit, by Converse and by Claude", () => {
    const byConverse = answer(
      haiku,
      {
        messages: [user("I am so sad today")],
        toolConfig: { tools: [{ toolSpec: { name: "note", inputSchema: { json: schema } } }], toolChoice: { any: {} } },
      },
      { ...converse, batch: false },
    );
    expect(byConverse).toMatchObject({
      stopReason: "tool_use",
      output: { message: { content: [{ toolUse: { name: "note", input: { mood: "sad" } } }] } },
    });
    const byClaude = answer(
      haiku,
      claudeBody("I am so sad today", {
        tools: [{ name: "note", input_schema: schema }],
        tool_choice: { type: "tool", name: "note" },
      }),
      { batch: false },
    );
    expect(byClaude).toMatchObject({
      stop_reason: "tool_use",
      content: [{ type: "tool_use", name: "note", input: { mood: "sad" } }],
    });
  });

  it("is read over in batch, which has no tools", () => {
    const tools = { tools: [{ name: "note", input_schema: schema }], tool_choice: { type: "any" } };
    expect(answer(haiku, claudeBody("I am so sad today", tools))).toMatchObject({
      stop_reason: "end_turn",
      content: [{ type: "text" }],
    });
  });
});

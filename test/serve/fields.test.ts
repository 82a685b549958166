import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { translateAnswer } from "../../src/ai-sdk/translate-answer.ts";
import { translateRequest } from "../../src/ai-sdk/translate-request.ts";
import { ClientModels } from "../../src/client-batches/client-models.ts";
import type { ReadyRequest } from "../../src/client-batches/ready-request.ts";
import { type JsonObject, type LineAnswer, RefusedRequest } from "../../src/client-batches/types.ts";
import { translateMessage } from "../../src/serve/anthropic/translate-message.ts";
import { translateParams } from "../../src/serve/anthropic/translate-params.ts";
import { translateChat } from "../../src/serve/openai/translate-chat.ts";
import { translateCompletion } from "../../src/serve/openai/translate-completion.ts";
import { translateEmbeddings, translateVectors } from "../../src/serve/openai/translate-embeddings.ts";
import { makePdf, makePng } from "../support/pictures.ts";

const models = new ClientModels({ region: "us-east-1", mapped: new Map([["gpt-4o-mini", "nova-lite"]]) });
const png = makePng().toString("base64");
const pdf = makePdf().toString("base64");

/** What a row's translation gives: a body and whether it goes on demand, an answer, or the reason of a refusal. */
type Outcome = JsonObject;
/** A field, what becomes of it by docs/clients.md, what is translated, and what has to come out. */
type Row = readonly [field: string, fate: "kept" | "translated" | "left out" | "refused", () => Outcome, JsonObject];

function outcomeOf(translate: () => ReadyRequest): Outcome {
  try {
    const { bodies, key } = translate();
    const { isOnDemand, model } = key;
    return { body: bodies[0], bodies: bodies.length, isOnDemand, model };
  } catch (error) {
    if (error instanceof RefusedRequest) return { ...error.reason };
    throw error;
  }
}

const hi = { role: "user", content: "hi" };
const said = [{ role: "user", content: [{ text: "hi" }] }];
const plain = { body: { messages: said } };

const chat =
  (more: object, model = "gpt-4o-mini") =>
  (): Outcome =>
    outcomeOf(() => {
      const body = { model, messages: [hi], ...more };
      return translateChat("a", body, models.get(body.model));
    });
const parts = (...content: object[]) => chat({ messages: [{ role: "user", content }] });
const functionTool = { type: "function", function: { name: "f", description: "d", parameters: { type: "object" } } };
const refusedAs = (code: string) => ({ code, status: 400 });
const toolTalk = [
  hi,
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "t1", type: "function", function: { name: "f", arguments: '{"x":1}' } }],
  },
  { role: "tool", tool_call_id: "t1", content: "42" },
];

const converse = (content: object[], stopReason = "end_turn") => ({
  output: { message: { role: "assistant", content } },
  stopReason,
  usage: { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 2, cacheWriteInputTokens: 1 },
});
const spoken = [{ text: "yes", toolUse: null }];
const called = [{ text: null, toolUse: { toolUseId: "t1", name: "f", input: { x: 1 } } }];
const thought = [{ reasoningContent: { reasoningText: { text: "hm", signature: "s" } } }, ...spoken];
const completion = (content: object[], stopReason?: string) => (): Outcome =>
  translateCompletion(converse(content, stopReason), { recordId: "r1", model: "gpt-4o-mini", created: 1 });
const choice = (message: object, reason = "stop") => ({ choices: [{ message, finish_reason: reason }] });

const embed =
  (more: object, model = "titan-embed-text-v2") =>
  (): Outcome =>
    outcomeOf(() => translateEmbeddings("a", { model, input: "x", ...more }, models.get(model)));

const claude =
  (more: object, model = "claude-haiku-4.5") =>
  (): Outcome =>
    outcomeOf(() => {
      const params = { model, max_tokens: 10, messages: [hi], ...more };
      return translateParams("a", params, models.get(params.model));
    });
const asIs = (more: JsonObject) => [claude(more), { body: more }] as const;
const invalid = { code: "invalid_request_error", status: 400 };
const claudeTool = { name: "f", description: "d", input_schema: { type: "object" } };

const warned: string[] = [];
const sdk =
  (options: object, model = "claude-haiku-4.5") =>
  (): Outcome => {
    warned.length = 0;
    const request = {
      ...{ type: "text", id: "a", modelId: model },
      options: { prompt: [{ role: "user", content: [{ type: "text", text: "hi" }] }], ...options },
    };
    const outcome = outcomeOf(() =>
      translateRequest(request as never, models.get(model), (warning) => warned.push(JSON.stringify(warning))),
    );
    return { ...outcome, warned: warned.join("\n") };
  };
const file = (mediaType: string, filename = "a b.pdf") =>
  sdk({
    prompt: [{ role: "user", content: [{ type: "file", mediaType, filename, data: { type: "data", data: png } }] }],
  });
const sdkTool = { type: "function", name: "f", description: "d", inputSchema: { type: "object" } };
const sdkTalk = [
  { role: "user", content: [{ type: "text", text: "hi" }] },
  {
    role: "assistant",
    content: [
      { type: "reasoning", text: "hm", providerOptions: { bedrock: { signature: "s" } } },
      { type: "tool-call", toolCallId: "t1", toolName: "f", input: { x: 1 } },
    ],
  },
  {
    role: "tool",
    content: [{ type: "tool-result", toolCallId: "t1", toolName: "f", output: { type: "json", value: [1] } }],
  },
];
const saying = (text: string) => ({ warned: expect.stringContaining(text) as string });
const result = (content: object[], stopReason?: string) => (): Outcome => ({
  ...translateAnswer(converse(content, stopReason), "nova-lite", "r1"),
});
const line = (body: object, note: string): LineAnswer => ({
  ...{ n: 0, id: "a", status: "succeeded", part: 0, parts: 1, note },
  body: body as JsonObject,
});

const schema = { type: "object", properties: { a: { type: "string" } } };
const described = { body: { system: [{ text: expect.stringContaining('"properties"') as string }] } };

const sections: Readonly<Record<string, readonly Row[]>> = {
  "OpenAI: request of a chat completion": [
    ["`model`", "translated", chat({}), { model: "nova-lite" }],
    [
      "`messages[system]`",
      "translated",
      chat({ messages: [{ role: "system", content: "s" }, hi] }),
      { body: { system: [{ text: "s" }] } },
    ],
    [
      "`messages[developer]`",
      "translated",
      chat({ messages: [{ role: "developer", content: "s" }, hi] }),
      { body: { system: [{ text: "s" }] } },
    ],
    [
      "`messages[user]`",
      "translated",
      chat({ messages: [hi, hi] }),
      { body: { messages: [{ content: [{ text: "hi" }, { text: "hi" }] }] } },
    ],
    [
      "`messages[assistant]`",
      "translated",
      chat({ messages: [hi, { role: "assistant", content: "yes" }, hi] }),
      { body: { messages: [{}, { role: "assistant", content: [{ text: "yes" }] }, {}] } },
    ],
    [
      "`messages[tool]`",
      "translated",
      chat({ messages: toolTalk, tools: [functionTool] }),
      {
        body: {
          messages: [
            {},
            {},
            { role: "user", content: [{ toolResult: { toolUseId: "t1", content: [{ text: "42" }] } }] },
          ],
        },
      },
    ],
    [
      "`messages[function]`",
      "refused",
      chat({ messages: [{ role: "function", content: "x" }] }),
      refusedAs("invalid_value"),
    ],
    [
      "`image_url`",
      "translated",
      parts({ type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }),
      { body: { messages: [{ content: [{ image: { format: "png", source: { bytes: png } } }] }] } },
    ],
    [
      "`image_url` that is broken",
      "refused",
      parts({ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }),
      { ...refusedAs("BAD_MEDIA"), message: expect.stringContaining("cut off") as string },
    ],
    [
      "`image_url` of another type than it says",
      "refused",
      parts({ type: "image_url", image_url: { url: `data:image/jpeg;base64,${png}` } }),
      { ...refusedAs("BAD_MEDIA"), message: "image 1 is called jpeg, and by its content it is png" },
    ],
    [
      "`image_url` for a model without sight",
      "refused",
      chat(
        {
          messages: [
            { role: "user", content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }] },
          ],
        },
        "nova-micro",
      ),
      { ...refusedAs("BAD_MEDIA"), message: expect.stringContaining("takes no images") as string },
    ],
    [
      "more `image_url` than the model takes",
      "refused",
      parts(
        ...Array.from({ length: 21 }, () => ({
          type: "image_url",
          image_url: { url: `data:image/png;base64,${png}` },
        })),
      ),
      { ...refusedAs("BAD_MEDIA"), message: expect.stringContaining("a request of the model takes 20") as string },
    ],
    [
      "`image_url` of https",
      "refused",
      parts({ type: "image_url", image_url: { url: "https://example.com/a.png" } }),
      refusedAs("BAD_MEDIA"),
    ],
    [
      "`file`",
      "translated",
      parts(
        { type: "text", text: "x" },
        { type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${pdf}` } },
      ),
      {
        body: {
          messages: [{ content: [{ text: "x" }, { document: { format: "pdf", name: "a", source: { bytes: pdf } } }] }],
        },
      },
    ],
    ["`input_audio`", "refused", parts({ type: "input_audio", input_audio: {} }), refusedAs("unsupported_parameter")],
    [
      "`tool_calls`",
      "translated",
      chat({ messages: toolTalk, tools: [functionTool] }),
      { body: { messages: [{}, { content: [{ toolUse: { toolUseId: "t1", name: "f", input: { x: 1 } } }] }, {}] } },
    ],
    ["`max_tokens`", "translated", chat({ max_tokens: 7 }), { body: { inferenceConfig: { maxTokens: 7 } } }],
    [
      "`max_completion_tokens`",
      "translated",
      chat({ max_tokens: 7, max_completion_tokens: 8 }),
      { body: { inferenceConfig: { maxTokens: 8 } } },
    ],
    ["`temperature`", "translated", chat({ temperature: 0.5 }), { body: { inferenceConfig: { temperature: 0.5 } } }],
    ["`temperature` above 1", "refused", chat({ temperature: 1.5 }), refusedAs("invalid_value")],
    ["`top_p`", "translated", chat({ top_p: 0.5 }), { body: { inferenceConfig: { topP: 0.5 } } }],
    ["`stop`", "translated", chat({ stop: "x" }), { body: { inferenceConfig: { stopSequences: ["x"] } } }],
    [
      "`response_format` `json_schema`",
      "translated",
      chat({ response_format: { type: "json_schema", json_schema: { name: "n", schema } } }),
      described,
    ],
    [
      "`response_format` `json_object`",
      "translated",
      chat({ response_format: { type: "json_object" } }),
      { body: { system: [{ text: expect.stringContaining("one JSON object") as string }] } },
    ],
    [
      "`tools`",
      "translated",
      chat({ tools: [functionTool] }),
      {
        isOnDemand: true,
        body: {
          toolConfig: {
            tools: [{ toolSpec: { name: "f", description: "d", inputSchema: { json: { type: "object" } } } }],
          },
        },
      },
    ],
    [
      "`tools` of another type",
      "refused",
      chat({ tools: [{ type: "custom", custom: {} }] }),
      refusedAs("unsupported_parameter"),
    ],
    [
      "`tool_choice`",
      "translated",
      chat({ tools: [functionTool], tool_choice: { type: "function", function: { name: "f" } } }),
      { body: { toolConfig: { toolChoice: { tool: { name: "f" } } } } },
    ],
    [
      "`reasoning_effort`",
      "translated",
      chat({ reasoning_effort: "low", max_tokens: 100 }, "claude-haiku-4.5"),
      {
        body: {
          additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2048 } },
          inferenceConfig: { maxTokens: 2148 },
        },
      },
    ],
    [
      "`reasoning_effort` of other models",
      "refused",
      chat({ reasoning_effort: "low" }),
      refusedAs("unsupported_parameter"),
    ],
    ["`n` above 1", "refused", chat({ n: 2 }), refusedAs("unsupported_parameter")],
    ["`stream`", "refused", chat({ stream: true }), refusedAs("unsupported_parameter")],
    ["`logprobs`", "refused", chat({ logprobs: true }), refusedAs("unsupported_parameter")],
    ["`frequency_penalty`", "refused", chat({ frequency_penalty: 1 }), refusedAs("unsupported_parameter")],
    ["`presence_penalty`", "refused", chat({ presence_penalty: 1 }), refusedAs("unsupported_parameter")],
    ["`logit_bias`", "refused", chat({ logit_bias: { "50256": -100 } }), refusedAs("unsupported_parameter")],
    ["`seed`", "left out", chat({ seed: 1 }), plain],
    ["`user`", "left out", chat({ user: "u" }), plain],
    ["`metadata`", "left out", chat({ metadata: { a: "b" } }), plain],
    ["`service_tier`", "left out", chat({ service_tier: "flex" }), plain],
    ["`parallel_tool_calls`", "left out", chat({ parallel_tool_calls: false }), plain],
    ["any other", "refused", chat({ best_of: 3 }), refusedAs("unknown_parameter")],
  ],
  "OpenAI: answer of a chat completion": [
    ["`id`", "translated", completion(spoken), { id: "chatcmpl-r1", object: "chat.completion" }],
    ["`model`", "kept", completion(spoken), { model: "gpt-4o-mini" }],
    [
      "`message.content`",
      "translated",
      completion(spoken),
      choice({ role: "assistant", content: "yes", refusal: null }),
    ],
    [
      "`message.tool_calls`",
      "translated",
      completion(called, "tool_use"),
      choice(
        { content: null, tool_calls: [{ id: "t1", type: "function", function: { name: "f", arguments: '{"x":1}' } }] },
        "tool_calls",
      ),
    ],
    [
      "`message.reasoning_content`",
      "translated",
      completion(thought),
      choice({ content: "yes", reasoning_content: "hm" }),
    ],
    ["`finish_reason` `stop`", "translated", completion(spoken, "stop_sequence"), choice({}, "stop")],
    ["`finish_reason` `length`", "translated", completion(spoken, "max_tokens"), choice({}, "length")],
    ["`finish_reason` `tool_calls`", "translated", completion(called, "tool_use"), choice({}, "tool_calls")],
    [
      "`finish_reason` `content_filter`",
      "translated",
      completion(spoken, "guardrail_intervened"),
      choice({}, "content_filter"),
    ],
    [
      "`usage`",
      "translated",
      completion(spoken),
      {
        usage: {
          prompt_tokens: 13,
          completion_tokens: 5,
          total_tokens: 18,
          prompt_tokens_details: { cached_tokens: 2 },
        },
      },
    ],
  ],
  "OpenAI: embeddings": [
    ["`input`", "translated", embed({}), { bodies: 1, body: { inputText: "x", dimensions: 1024 } }],
    ["`input` of several texts", "translated", embed({ input: ["x", "y"] }), { bodies: 2 }],
    ["`input` of tokens", "refused", embed({ input: [1, 2] }), refusedAs("invalid_type")],
    ["`dimensions`", "translated", embed({ dimensions: 256 }), { body: { dimensions: 256 } }],
    ["`dimensions` that the model has not", "refused", embed({ dimensions: 7 }), refusedAs("BAD_REQUEST")],
    [
      "`encoding_format`",
      "translated",
      () => translateVectors([line({ embedding: [1, 2], inputTextTokenCount: 3 }, "base64")]),
      { data: [{ embedding: "AACAPwAAAEA=" }], usage: { prompt_tokens: 3 } },
    ],
    ["a text model", "refused", embed({}, "nova-lite"), refusedAs("WRONG_ENDPOINT")],
  ],
  "Anthropic: params of a message": [
    ["`model`", "translated", claude({ model: "gpt-4o-mini" }), { model: "nova-lite" }],
    ["`messages`", "kept", claude({}), { body: { messages: [hi], anthropic_version: "bedrock-2023-05-31" } }],
    [
      "`messages` for other models",
      "translated",
      claude({}, "nova-lite"),
      { body: { messages: said, inferenceConfig: { maxTokens: 10 } } },
    ],
    ["`system`", "kept", ...asIs({ system: [{ type: "text", text: "s" }] })],
    ["`max_tokens`", "kept", ...asIs({ max_tokens: 11 })],
    ["`temperature`", "kept", ...asIs({ temperature: 0.5 })],
    ["`top_k`", "kept", ...asIs({ top_k: 5 })],
    ["`top_k` for models without", "refused", claude({ top_k: 5 }, "llama-3.3-70b"), invalid],
    ["`stop_sequences`", "kept", ...asIs({ stop_sequences: ["x"] })],
    ["`thinking`", "kept", ...asIs({ max_tokens: 2000, thinking: { type: "enabled", budget_tokens: 1024 } })],
    [
      "`thinking` for other models",
      "refused",
      claude({ thinking: { type: "enabled", budget_tokens: 1024 } }, "nova-lite"),
      invalid,
    ],
    ["`tools`", "kept", claude({ tools: [claudeTool] }), { isOnDemand: true, body: { tools: [claudeTool] } }],
    [
      "`tool_choice` for other models",
      "translated",
      claude({ tools: [claudeTool], tool_choice: { type: "any" } }, "nova-lite"),
      { isOnDemand: true, body: { toolConfig: { toolChoice: { any: {} } } } },
    ],
    ["`output_config`", "kept", ...asIs({ output_config: { format: { type: "json_schema", schema } } })],
    ["`metadata`", "kept", ...asIs({ metadata: { user_id: "u" } })],
    [
      "`cache_control`",
      "left out",
      claude({
        messages: [{ role: "user", content: [{ type: "text", text: "hi", cache_control: { type: "ephemeral" } }] }],
      }),
      {
        body: {
          anthropic_version: "bedrock-2023-05-31",
          max_tokens: 10,
          messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
        },
      },
    ],
    [
      "`service_tier`",
      "left out",
      claude({ service_tier: "auto" }),
      { body: { anthropic_version: "bedrock-2023-05-31", max_tokens: 10, messages: [hi] } },
    ],
    ["`stream`", "refused", claude({ stream: true }), invalid],
    [
      "`messages`: an image",
      "kept",
      ...asIs({
        messages: [
          {
            role: "user",
            content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: png } }],
          },
        ],
      }),
    ],
    [
      "`messages`: a document",
      "kept",
      ...asIs({
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "x" },
              { type: "document", source: { type: "base64", media_type: "application/pdf", data: pdf } },
            ],
          },
        ],
      }),
    ],
    [
      "`messages`: an image for other models",
      "translated",
      claude(
        {
          messages: [
            {
              role: "user",
              content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: png } }],
            },
          ],
        },
        "nova-lite",
      ),
      { body: { messages: [{ content: [{ image: { format: "png", source: { bytes: png } } }] }] } },
    ],
    [
      "`messages`: an image that is broken",
      "refused",
      claude({
        messages: [
          {
            role: "user",
            content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } }],
          },
        ],
      }),
      { message: expect.stringContaining("cut off") as string, status: 400 },
    ],
    [
      "a `source` of a URL",
      "refused",
      claude({
        messages: [
          { role: "user", content: [{ type: "image", source: { type: "url", url: "https://example.com/a.png" } }] },
        ],
      }),
      invalid,
    ],
    ["any other", "refused", claude({ container: "c" }), invalid],
  ],
  "Anthropic: message": [
    [
      "a message of Claude",
      "kept",
      () => translateMessage({ id: "msg_1", model: "m", content: [] }, true, "mine", "r1"),
      { id: "msg_1", model: "mine" },
    ],
    [
      "`content` of other models",
      "translated",
      () => translateMessage(converse([...thought, ...called], "tool_use"), false, "m", "r1"),
      {
        stop_reason: "tool_use",
        content: [
          { type: "thinking", thinking: "hm", signature: "s" },
          { type: "text", text: "yes" },
          { type: "tool_use", id: "t1", name: "f", input: { x: 1 } },
        ],
      },
    ],
    [
      "`stop_reason` of other models",
      "translated",
      () => translateMessage(converse(spoken, "content_filtered"), false, "m", "r1"),
      { stop_reason: "refusal" },
    ],
    [
      "`usage` of other models",
      "translated",
      () => translateMessage(converse(spoken), false, "m", "r1"),
      { usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 2, cache_creation_input_tokens: 1 } },
    ],
  ],
  "AI SDK: request": [
    [
      "`system`",
      "translated",
      sdk({ prompt: [{ role: "system", content: "s" }, sdkTalk[0]] }),
      { body: { system: [{ text: "s" }] } },
    ],
    ["`prompt`", "translated", sdk({}), { body: { messages: said } }],
    [
      "images",
      "translated",
      file("image/*"),
      { body: { messages: [{ content: [{ image: { format: "png", source: { bytes: png } } }] }] } },
    ],
    [
      "documents",
      "translated",
      sdk({
        prompt: [
          {
            role: "user",
            content: [
              { type: "text", text: "x" },
              { type: "file", mediaType: "application/pdf", filename: "a_b.pdf", data: { type: "data", data: pdf } },
            ],
          },
        ],
      }),
      { body: { messages: [{ content: [{ text: "x" }, { document: { format: "pdf", name: "a-b" } }] }] } },
    ],
    [
      "an image that is none",
      "refused",
      sdk({
        prompt: [
          { role: "user", content: [{ type: "file", mediaType: "image/png", data: { type: "data", data: pdf } }] },
        ],
      }),
      { ...refusedAs("BAD_MEDIA"), message: expect.stringContaining("is no picture, by its content: pdf") as string },
    ],
    ["other files", "refused", file("video/mp4"), refusedAs("BAD_MEDIA")],
    [
      "tool calls and results",
      "translated",
      sdk({ prompt: sdkTalk, tools: [sdkTool] }),
      {
        body: {
          messages: [{}, {}, { content: [{ toolResult: { toolUseId: "t1", content: [{ json: { result: [1] } }] } }] }],
        },
      },
    ],
    [
      "reasoning of earlier turns",
      "translated",
      sdk({ prompt: sdkTalk, tools: [sdkTool] }),
      {
        body: {
          messages: [
            {},
            {
              content: [
                { reasoningContent: { reasoningText: { text: "hm", signature: "s" } } },
                { toolUse: { toolUseId: "t1" } },
              ],
            },
            {},
          ],
        },
      },
    ],
    ["`maxOutputTokens`", "translated", sdk({ maxOutputTokens: 7 }), { body: { inferenceConfig: { maxTokens: 7 } } }],
    [
      "`temperature`",
      "translated",
      sdk({ temperature: 1.5 }),
      { body: { inferenceConfig: { temperature: 1 } }, ...saying("1.5 is outside") },
    ],
    ["`topP`", "translated", sdk({ topP: 0.5 }), { body: { inferenceConfig: { topP: 0.5 } } }],
    ["`topK`", "translated", sdk({ topK: 5 }), { body: { additionalModelRequestFields: { top_k: 5 } } }],
    ["`topK` of other models", "left out", sdk({ topK: 5 }, "llama-3.3-70b"), { ...plain, ...saying("topK") }],
    [
      "`stopSequences`",
      "translated",
      sdk({ stopSequences: ["x"] }),
      { body: { inferenceConfig: { stopSequences: ["x"] } } },
    ],
    ["`seed`", "left out", sdk({ seed: 1 }), { ...plain, ...saying("seed") }],
    ["`presencePenalty`", "left out", sdk({ presencePenalty: 1 }), { ...plain, ...saying("presencePenalty") }],
    ["`frequencyPenalty`", "left out", sdk({ frequencyPenalty: 1 }), { ...plain, ...saying("frequencyPenalty") }],
    [
      "`responseFormat`",
      "translated",
      sdk({ responseFormat: { type: "json", schema } }, "nova-lite"),
      { ...described, ...saying("in words") },
    ],
    [
      "`tools`",
      "translated",
      sdk({ tools: [sdkTool] }),
      { isOnDemand: true, body: { toolConfig: { tools: [{ toolSpec: { name: "f" } }] } } },
    ],
    [
      "tools of a provider",
      "left out",
      sdk({ tools: [{ type: "provider", id: "a.b", name: "n", args: {} }] }),
      { ...plain, ...saying("a.b") },
    ],
    [
      "`toolChoice`",
      "translated",
      sdk({ tools: [sdkTool], toolChoice: { type: "required" } }),
      { body: { toolConfig: { toolChoice: { any: {} } } } },
    ],
    [
      "`reasoning`",
      "translated",
      sdk({ reasoning: "low" }),
      { body: { additionalModelRequestFields: { thinking: { budget_tokens: 2048 } } } },
    ],
    [
      "`providerOptions.bedrock.reasoningConfig`",
      "translated",
      sdk({ providerOptions: { bedrock: { reasoningConfig: { type: "enabled", budgetTokens: 1500 } } } }),
      { body: { additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 1500 } } } },
    ],
    [
      "`providerOptions.bedrock.additionalModelRequestFields`",
      "kept",
      sdk({ providerOptions: { bedrock: { additionalModelRequestFields: { anthropic_beta: ["x"] } } } }),
      { body: { additionalModelRequestFields: { anthropic_beta: ["x"] } } },
    ],
  ],
  "AI SDK: result": [
    [
      "`text`",
      "translated",
      result(spoken),
      { content: [{ type: "text", text: "yes" }], response: { id: "r1", modelId: "nova-lite" } },
    ],
    [
      "`reasoning`",
      "translated",
      result(thought),
      { content: [{ type: "reasoning", text: "hm", providerMetadata: { bedrock: { signature: "s" } } }, {}] },
    ],
    [
      "`toolCalls`",
      "translated",
      result(called, "tool_use"),
      { content: [{ type: "tool-call", toolCallId: "t1", toolName: "f", input: '{"x":1}' }] },
    ],
    [
      "`finishReason`",
      "translated",
      result(spoken, "max_tokens"),
      { finishReason: { unified: "length", raw: "max_tokens" } },
    ],
    [
      "`usage`",
      "translated",
      result(spoken),
      { usage: { inputTokens: { total: 13, noCache: 10, cacheRead: 2, cacheWrite: 1 }, outputTokens: { total: 5 } } },
    ],
  ],
};

describe.each(Object.entries(sections))("%s", (_, rows) => {
  it.each(rows)("%s is %s", (_field, fate, translate, expected) => {
    const outcome = translate();
    expect(outcome).toMatchObject(expected);
    // What is left out is nowhere.
    if (fate === "left out") expect(outcome["body"]).toEqual(expected["body"]);
  });
});

describe("docs/clients.md", () => {
  it("has each row that is tested here, and no other", () => {
    const page = readFileSync(new URL("../../docs/clients.md", import.meta.url), "utf8");
    const told = Object.fromEntries(
      page
        .split(/^### /m)
        .slice(1)
        .map((section) => [
          section.split("\n")[0] ?? "",
          [...section.matchAll(/^\| (.+?) \| (kept|translated|left out|refused) \|/gm)].map(([, field, fate]) => [
            field,
            fate,
          ]),
        ]),
    );
    const tested = Object.fromEntries(
      Object.entries(sections).map(([name, rows]) => [name, rows.map(([field, fate]) => [field, fate])]),
    );
    expect(told).toEqual(tested);
    expect(Object.values(tested).flat().length).toBeGreaterThan(100);
  });
});

/** The `answers` setting: `rehearsal`, `openai:<base url>[#model]`, or a server with its details. */
import { type Answers, rehearsalAnswers } from "./answers.ts";
import { makeOpenAiAnswers, type OpenAiServer, parseOpenAiServer } from "./openai-answers.ts";

export type AnswersSetting = string | OpenAiServer;

/** @throws RangeError where the setting is of neither form */
export function chooseAnswers(setting: AnswersSetting = "rehearsal"): Answers {
  if (setting === "rehearsal") return rehearsalAnswers;
  return makeOpenAiAnswers(typeof setting === "string" ? parseOpenAiServer(setting) : setting);
}

/** The `answers` setting: `simulated`, `openai:<base url>[#model]`, or a server with its details. */
import { type Answers, simulatedAnswers } from "./answers.ts";
import { makeOpenAiAnswers, type OpenAiServer, parseOpenAiServer } from "./openai-answers.ts";

export type AnswersSetting = string | OpenAiServer;

/** What `simulated` was called in older versions: scripts may still say so. */
const olderName = "rehearsal";

/** @throws RangeError where the setting is of neither form */
export function chooseAnswers(setting: AnswersSetting = "simulated"): Answers {
  if (setting === "simulated" || setting === olderName) return simulatedAnswers;
  return makeOpenAiAnswers(typeof setting === "string" ? parseOpenAiServer(setting) : setting);
}

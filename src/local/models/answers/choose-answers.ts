/** The `answers` setting: `simulated`, `openai:<base url>[#model]`, or a server with its details. */

import { makeBehaviourAnswers } from "../behaviour/behaviour-answers.ts";
import { readBehaviour } from "../behaviour/read-behaviour.ts";
import { type Answers, simulatedAnswers } from "./answers.ts";
import { makeOpenAiAnswers, type OpenAiServer, parseOpenAiServer } from "./openai-answers.ts";

export type AnswersSetting = string | OpenAiServer;

/** What `simulated` was called in older versions: scripts may still say so. */
const olderName = "rehearsal";

const isSimulated = (setting: AnswersSetting): boolean => setting === "simulated" || setting === olderName;

/**
 * @param behaviour a file that says how often simulated models are right
 * @throws RangeError where the setting is of neither form, or takes a real model's answers with a behaviour; ModelBehaviourError
 */
export async function chooseAnswers(setting: AnswersSetting = "simulated", behaviour?: string): Promise<Answers> {
  if (isSimulated(setting))
    return behaviour === undefined ? simulatedAnswers : makeBehaviourAnswers(await readBehaviour(behaviour));
  const server = typeof setting === "string" ? parseOpenAiServer(setting) : setting;
  if (behaviour !== undefined)
    throw new RangeError(
      `--model-behaviour is for simulated answers; ${server.baseUrl} gives a real model's: leave one of them out`,
    );
  return makeOpenAiAnswers(server);
}

import { expect, it } from "vitest";
import { simulatedAnswers } from "../../../../src/local/models/answers/answers.ts";
import { chooseAnswers } from "../../../../src/local/models/answers/choose-answers.ts";

it("the simulation answers unless a server is named, also under its older name", async () => {
  const chosen = await Promise.all([undefined, "simulated", "rehearsal"].map((setting) => chooseAnswers(setting)));
  expect(chosen).toEqual(Array.from({ length: 3 }, () => simulatedAnswers));
  expect(await chooseAnswers("openai:http://127.0.0.1:11434/v1")).not.toBe(simulatedAnswers);
  await expect(chooseAnswers("rehearsed")).rejects.toThrow("write simulated or openai:<base url>[#model]");
});

it("a behaviour of models goes with simulated answers alone", async () => {
  const own = { baseUrl: "http://127.0.0.1:11434/v1" };
  await expect(chooseAnswers(own, "behaviour.json")).rejects.toThrow(RangeError);
  await expect(chooseAnswers(own, "behaviour.json")).rejects.toThrow("http://127.0.0.1:11434/v1 gives a real model's");
});

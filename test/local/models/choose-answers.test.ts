import { expect, it } from "vitest";
import { simulatedAnswers } from "../../../src/local/models/answers.ts";
import { chooseAnswers } from "../../../src/local/models/choose-answers.ts";

it("the simulation answers unless a server is named, also under its older name", () => {
  expect([undefined, "simulated", "rehearsal"].map((setting) => chooseAnswers(setting))).toEqual(
    Array.from({ length: 3 }, () => simulatedAnswers),
  );
  expect(chooseAnswers("openai:http://127.0.0.1:11434/v1")).not.toBe(simulatedAnswers);
  expect(() => chooseAnswers("rehearsed")).toThrow("write simulated or openai:<base url>[#model]");
});

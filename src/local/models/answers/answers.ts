/** What answers behind the service: the simulation, or a real model. */
import type { ModelRequest, Reply } from "../family.ts";
import type { Model } from "../model.ts";
import { simulateAnswer } from "./simulation.ts";

export interface Answers {
  /** How many requests may be under way at once; 1 only where an answer is there at once. */
  readonly concurrency: number;
  /** Every thread can make them by itself. */
  readonly isSimulated?: true;
  /**
   * An answer at once, or the promise of one.
   * @param model who is asked, where that makes a difference
   * @throws AnswerFailure where the model gives none
   */
  reply(ask: ModelRequest, model?: Model): Reply | Promise<Reply>;
}

/** A real model that gave no answer: an error of the record, with the status that AWS would give it. */
export class AnswerFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export const simulatedAnswers: Answers = { concurrency: 1, isSimulated: true, reply: (ask) => simulateAnswer(ask) };

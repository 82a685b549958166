/** What answers behind the service: the simulation, or a real model. */
import type { Ask, Reply } from "./family.ts";
import { simulateAnswer } from "./simulation.ts";

export interface Answers {
  /** How many requests may be under way at once; 1 only where an answer is there at once. */
  readonly concurrency: number;
  /**
   * An answer at once, or the promise of one.
   * @throws AnswerFailure where the model gives none
   */
  reply(ask: Ask): Reply | Promise<Reply>;
}

/** A real model that gave no answer: an error of the record, with the status that AWS would give it. */
export class AnswerFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export const simulatedAnswers: Answers = { concurrency: 1, reply: simulateAnswer };

/** An error that a service answers with, by the name that AWS gives it. */
export class Refusal extends Error {
  /** AWS's error type, `ValidationException`. */
  readonly type: string;
  /** Further members of the error's body, by their wire names. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(type: string, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.type = type;
    this.members = members;
  }
}

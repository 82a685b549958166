/** Thrown by an operation, answered by the service. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

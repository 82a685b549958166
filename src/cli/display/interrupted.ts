/** Ctrl-C at a question: nothing was sent. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** A record to answer. */
export interface RecordTask {
  /** Its line, without \n, as byte text. */
  readonly bytes: string;
  /** The same line as it is. */
  readonly text: string;
  /** Its number in the whole job, from 0, in the order of the input. */
  readonly index: number;
}

/** The run whose results are another's input: kept in `run.json`. */
export interface ParentRun {
  readonly runId: string;
  readonly name: string;
}

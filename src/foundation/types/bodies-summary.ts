/** What ready bodies say together. */
export interface BodiesSummary {
  /** The highest limit of tokens that a body sets; absent where none does. */
  readonly maxTokens?: number;
  /** The length of all vectors; absent where bodies differ, or where no vector comes back. */
  readonly dimensions?: number;
}

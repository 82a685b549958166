import type { Cell } from "../engine/engine.ts";
import type { Outcome } from "../foundation/types/index.ts";

/** The type of the answers that a schema describes: of a Standard Schema (Zod and others) its output, of anything else fields of any type. */
export type AnswerOf<Output> = Output extends { readonly "~standard": { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly output: infer Answer }
    ? Answer
    : Readonly<Record<string, Cell>>
  : Output extends undefined
    ? { readonly answer: string }
    : Readonly<Record<string, Cell>>;

/** What every row of the results has besides the input's columns and the answer's. */
export interface RowMeta {
  /** Why the model stopped, in its own words. */
  readonly _halfprice_stop_reason: string | null;
  readonly _halfprice_input_tokens: number | null;
  readonly _halfprice_output_tokens: number | null;
  /** US dollars; on the local service, what it would cost. */
  readonly _halfprice_cost_usd: number | null;
  /** Why there is no answer. */
  readonly _halfprice_error: string | null;
  /** The name of the request: rows with the same share one. */
  readonly _halfprice_record_id: string | null;
  /** What the model wrote, where it is not an answer that the schema allows. */
  readonly _halfprice_raw: string | null;
}

/** A field that an answer may leave out is NULL in the table. */
type Filled<Answer> = {
  readonly [Field in keyof Answer]-?: undefined extends Answer[Field]
    ? Exclude<Answer[Field], undefined> | null
    : Answer[Field];
};

type Nullable<Answer> = { readonly [Field in keyof Answer]-?: Exclude<Answer[Field], undefined> | null };

/**
 * A row of a run's table: the input's columns, the answer's fields, and what is known about the answer. A field is `T | null`;
 * where `_halfprice_outcome` is `"answered"`, it is `T`.
 */
export type ResultRow<Row extends object, Output> = { readonly [Column in keyof Row]: Row[Column] | null } & RowMeta &
  (
    | ({ readonly _halfprice_outcome: "answered" } & Filled<AnswerOf<Output>>)
    | ({ readonly _halfprice_outcome: Exclude<Outcome, "answered"> } & Nullable<AnswerOf<Output>>)
  );

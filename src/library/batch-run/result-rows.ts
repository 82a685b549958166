import type { Cell } from "../../engine/engine.ts";
import type { Outcome } from "../../foundation/types/index.ts";

/** The type of a value that a JSON Schema describes, as far as its words say; a cell of any type where they do not. */
type ValueOf<Schema> = Schema extends { readonly const: infer Value }
  ? Value
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { readonly anyOf: readonly (infer Choice)[] }
      ? ValueOf<Choice>
      : Schema extends { readonly type: infer Type }
        ? ValueOfType<Type extends readonly (infer Each)[] ? Each : Type, Schema>
        : Cell;

type ValueOfType<Type, Schema> = Type extends "string"
  ? string
  : Type extends "number" | "integer"
    ? number
    : Type extends "boolean"
      ? boolean
      : Type extends "null"
        ? null
        : Type extends "array"
          ? readonly (Schema extends { readonly items: infer Item } ? ValueOf<Item> : Cell)[]
          : Schema extends { readonly properties: infer Members }
            ? MembersOf<Members, Schema>
            : Cell;

/** Members that are not required may be left out. */
type MembersOf<Members, Schema> = {
  readonly [Name in keyof Members]:
    | ValueOf<Members[Name]>
    | (Schema extends { readonly required: readonly (infer Needed)[] }
        ? Name extends Needed
          ? never
          : undefined
        : undefined);
};

/**
 * The type of the answers that a schema describes: of a Standard Schema (Zod and others) its output, of a JSON Schema that stands in the
 * program what its words say, of anything else fields of any type.
 */
export type AnswerOf<Output> = Output extends { readonly "~standard": { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly output: infer Answer }
    ? Answer
    : Readonly<Record<string, Cell>>
  : Output extends { readonly properties: infer Members }
    ? MembersOf<Members, Output>
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

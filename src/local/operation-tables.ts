/** What each service serves, checks, does not build and does otherwise than AWS: the tables of docs/local-service.md. */
import type { Operation } from "./operation.ts";
import { operationLists } from "./operation-lists.ts";
import type { Fields } from "./wire/query-fields.ts";

/** One row. */
export interface OperationRow {
  readonly name: string;
  readonly served: string;
  readonly checked: string;
  readonly notBuilt: string;
  readonly differs: string;
}

export interface ServiceTable {
  readonly service: string;
  readonly protocol: string;
  readonly operations: readonly OperationRow[];
  /** Operations that answer by name that they are not built; empty where every other one does. */
  readonly notBuilt: readonly string[];
}

const listFields = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, { isRequired }]) => (isRequired === true ? `${name} (required)` : name))
    .join(", ");

const rowOf = ({ name, input, notes }: Operation): OperationRow => ({
  name,
  served: notes.served,
  checked: notes.checked ?? (input.type === "form" ? listFields(input.fields) : ""),
  notBuilt: notes.notBuilt ?? "",
  differs: notes.differs ?? "",
});

export const serviceTables: readonly ServiceTable[] = operationLists.map(
  ({ service, protocol, operations, notBuilt }) => ({
    service,
    protocol,
    operations: operations.map(rowOf),
    notBuilt: notBuilt.map(({ name }) => name),
  }),
);

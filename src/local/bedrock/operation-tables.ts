/** What the services of this room serve, check, do not build and do otherwise than AWS: the tables of docs/local-service.md. */
import { runtimeOperations } from "../bedrock-runtime/operations.ts";
import { cloudWatchOperations } from "../cloudwatch/service.ts";
import { serviceQuotasNotBuilt, serviceQuotasOperations } from "../service-quotas/service.ts";
import { notBuilt } from "./not-built.ts";
import { bedrockOperations } from "./operations.ts";

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

type Noted = Pick<OperationRow, "name" | "served"> & {
  readonly [K in "checked" | "notBuilt" | "differs"]?: string | undefined;
};

const rowOf = (operation: Noted): OperationRow => ({
  name: operation.name,
  served: operation.served,
  checked: operation.checked ?? "",
  notBuilt: operation.notBuilt ?? "",
  differs: operation.differs ?? "",
});

const runtimeNames = new Set([
  "ApplyGuardrail",
  "ConverseStream",
  "GetAsyncInvoke",
  "ListAsyncInvokes",
  "StartAsyncInvoke",
]);
const isRuntime = (name: string): boolean => runtimeNames.has(name) || name.startsWith("InvokeModel");

export const modelServiceTables: readonly ServiceTable[] = [
  {
    service: "Bedrock",
    protocol: "restJson1",
    operations: bedrockOperations.map(rowOf),
    notBuilt: notBuilt.map(({ name }) => name).filter((name) => !isRuntime(name)),
  },
  {
    service: "Bedrock Runtime",
    protocol: "restJson1, over HTTP/1.1 and HTTP/2 with prior knowledge",
    operations: runtimeOperations.map(rowOf),
    notBuilt: notBuilt.map(({ name }) => name).filter(isRuntime),
  },
  {
    service: "Service Quotas",
    protocol: "awsJson1.1",
    operations: serviceQuotasOperations.map(rowOf),
    notBuilt: serviceQuotasNotBuilt,
  },
  {
    service: "CloudWatch",
    protocol: "awsJson1.0 and query",
    operations: cloudWatchOperations.map(rowOf),
    notBuilt: [],
  },
];

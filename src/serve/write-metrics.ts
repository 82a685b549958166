import { findBatch, listClientBatches } from "../client-batches/client-batch.ts";
import { listRecords } from "./openai/batch-record.ts";
import { findStatus } from "./openai/view-batch.ts";

/** Calls that were answered since the start, by method, route and status. */
export type CallCounts = Map<string, number>;

/** The state of a server in Prometheus' text form. */
export function writeMetrics(workspace: string, calls: CallCounts): string {
  const batches = new Map<string, number>();
  const requests = new Map<string, number>();
  const add = (counts: Map<string, number>, labels: string, count = 1): void => {
    counts.set(labels, (counts.get(labels) ?? 0) + count);
  };
  const openAi = listRecords(workspace).map((record) => {
    const batch = findBatch(workspace, record.id);
    add(batches, `client="openai",status="${findStatus(record, batch)}"`);
    return batch;
  });
  const anthropic = listClientBatches(workspace, "anthropic");
  for (const { endedAt, cancelledAt } of anthropic) {
    const status = endedAt !== undefined ? "ended" : cancelledAt !== undefined ? "canceling" : "in_progress";
    add(batches, `client="anthropic",status="${status}"`);
  }
  for (const batch of [...openAi, ...anthropic]) {
    if (batch?.counts === undefined) continue;
    for (const [result, count] of Object.entries(batch.counts))
      add(requests, `client="${batch.client}",result="${result}"`, count);
  }
  return [
    ...metric("halfprice_batches", "gauge", "Batches by client and status.", batches),
    ...metric("halfprice_requests_total", "counter", "Requests of batches that have ended, by result.", requests),
    ...metric("halfprice_http_requests_total", "counter", "Calls since the start, by method, route and status.", calls),
    "",
  ].join("\n");
}

function metric(name: string, type: string, help: string, counts: ReadonlyMap<string, number>): string[] {
  const values = [...counts].map(([labels, count]) => `${name}{${labels}} ${count}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values];
}

/**
 * Requests to raise a quota. Each is PENDING at first and APPROVED a while later, when its value holds; AWS decides by hand
 * and may take days or refuse. They outlive the process.
 */
import { join } from "node:path";
import { type Kept, openKept } from "../kept.ts";
import type { Quotas } from "../models/quotas.ts";
import type { World } from "../world.ts";
import { findRow } from "./quota-rows.ts";

export interface IncreaseRequest {
  readonly id: string;
  readonly region: string;
  readonly quotaCode: string;
  readonly desiredValue: number;
  readonly createdAtMs: number;
  /** When it is approved, by the service's time. */
  readonly approvedAtMs: number;
  readonly requester: string;
}

export interface IncreaseRequests {
  readonly list: readonly IncreaseRequest[];
  isApproved(request: IncreaseRequest): boolean;
  add(request: Omit<IncreaseRequest, "approvedAtMs">): Promise<IncreaseRequest>;
}

const approvalMs = 15 * 60_000;

export async function openIncreaseRequests({ dataDir, clock }: World, quotas: Quotas): Promise<IncreaseRequests> {
  const kept: Kept<readonly IncreaseRequest[]> = await openKept(join(dataDir, "service-quotas", "requests.json"), []);
  const approve = ({ quotaCode, desiredValue, region }: IncreaseRequest): void => {
    const limits = findRow(quotaCode)?.limits;
    if (limits !== undefined) quotas.set({ kind: limits.kind, value: desiredValue, modelId: limits.model.id, region });
  };
  const approveLater = (request: IncreaseRequest): void => {
    if (request.approvedAtMs <= clock.nowMs()) approve(request);
    else clock.after(request.approvedAtMs - clock.nowMs(), () => approve(request));
  };
  for (const request of kept.value) approveLater(request);
  return {
    get list() {
      return kept.value;
    },
    isApproved: ({ approvedAtMs }) => approvedAtMs <= clock.nowMs(),
    async add(made) {
      const request = { ...made, approvedAtMs: made.createdAtMs + approvalMs };
      await kept.update((before) => [...before, request]);
      approveLater(request);
      return request;
    },
  };
}

/** Data: what keeps a part of a run from being prepared or joined. A code is permanent. */
import { countOf, entry } from "./entry.ts";

/** Errors of runs that are done in parts. */
export const partErrors = {
  SOURCE_CHANGED: entry<{ path: string; sizeBytes: number; listedBytes: number }>({
    exitCode: 2,
    says: ({ path, sizeBytes, listedBytes }) =>
      `${path} has ${countOf(sizeBytes, "byte")}; it had ${listedBytes.toLocaleString("en-US")} when the run was planned.`,
    fix: () => "put the file back as it was, or begin the run anew: files must stay as they are until the run is done",
    about: "A run lists its files once, and reads each when its part is prepared. One of them has changed since.",
    example: { path: "s3://lake/reviews/dt=2026-01-01/0001.parquet", sizeBytes: 1200, listedBytes: 1100 },
  }),
  PART_WAITS: entry<{ runId: string; part: number; reason: string; fix: string }>({
    exitCode: 5,
    says: ({ part, reason }) => `Part ${part} cannot be joined yet: ${reason}.`,
    fix: ({ fix }) => fix,
    about: "A part is joined once it is prepared, its jobs are made, and all of them have ended.",
    example: {
      ...{ runId: "20260314-093000-k3x9a", part: 3, reason: "2 of its 2 jobs are under way" },
      fix: "halfprice collect 20260314-093000-k3x9a looks at the jobs; then join the part again",
    },
  }),
  PART_FAILED: entry<{ runId: string; part: number; count: number; reason: string; fix: string }>({
    exitCode: 2,
    says: ({ part, count, reason }) =>
      `Part ${part} could not be done: ${reason}${count === 1 ? "" : ` ${countOf(count - 1, "other part")} could not either.`}`,
    fix: ({ runId, fix }) => `${fix}; then: halfprice resume ${runId}`,
    about:
      "A part of a run failed to be prepared or joined. What was sent before goes on, and the other parts with it.",
    example: {
      ...{ runId: "20260314-093000-k3x9a", part: 7, count: 1 },
      ...{ reason: "The file is damaged.", fix: "write the file again" },
    },
  }),
} as const;

/**
 * Jobs take minutes to hours; a job on the local service lives on a hurried clock, and looking costs nothing there. `aside`: how
 * often what is beside the jobs is looked at, the load of the model and the work of another process.
 */
export const pollMs = {
  aws: { shortest: 15_000, longest: 60_000, aside: 60_000 },
  local: { shortest: 100, longest: 250, aside: 1_000 },
} as const;

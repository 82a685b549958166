import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import type { RunRow } from "../ledger/runs.ts";
import { readRuns } from "../ledger/runs.ts";

/** The run that a full id, the start of one, or a name means; `latest` is the one that was begun last. @throws UNKNOWN_RUN, AMBIGUOUS_RUN, BAD_OPTIONS where it is empty */
export async function getRun(ledger: Ledger, workspaceName: string, wanted: string): Promise<RunRow> {
  // Every id begins with nothing.
  if (wanted.trim() === "") {
    throw new HalfpriceError("BAD_OPTIONS", { problems: ["the name of the run is empty"], command: "halfprice runs" });
  }
  const runs = readRuns(ledger);
  const exact = runs.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact;
  const named = runs.filter(({ name }) => name === wanted);
  const [newest] = runs;
  if (wanted === "latest" && named.length === 0 && newest !== undefined) return newest;
  const certain = runs.filter(({ id, name }) => id.startsWith(wanted) || name === wanted);
  // A name that a run got of its own has the table's name first.
  const matches = certain.length > 0 ? certain : runs.filter(({ name }) => name.startsWith(`${wanted}-`));
  const [only] = matches;
  if (only === undefined) {
    const nearest = findNearest(
      wanted,
      runs.flatMap(({ id, name }) => [id, name]),
    );
    throw new HalfpriceError("UNKNOWN_RUN", { run: wanted, workspace: workspaceName, nearest });
  }
  if (matches.length > 1)
    throw new HalfpriceError("AMBIGUOUS_RUN", { run: wanted, matches: matches.map(({ id }) => id) });
  return only;
}

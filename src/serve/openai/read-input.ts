import { hash } from "node:crypto";
import { BatchWriter } from "../../client-batches/batch-writer.ts";
import type { ClientBatch } from "../../client-batches/types.ts";
import { readLineBlocks } from "../../lines/read-lines.ts";
import type { ServeContext } from "../serve-context.ts";
import type { BatchRecord, InputProblem } from "./batch-record.ts";
import { contentPath } from "./stored-files.ts";
import type { RequestsTask, TranslatedRequests } from "./translate-requests.ts";

/** So many problems of a file are told. */
const shownProblems = 100;

/** What became of an input file. */
export type ReadInput =
  | { readonly batch: ClientBatch; readonly model: string | undefined }
  | { readonly problems: readonly InputProblem[] };

/**
 * Translates an input file, block by block, in threads where there are some. A request that is malformed fails alone; a line that cannot be
 * told from others, since it is no JSON or has no `custom_id` of its own, fails the batch before anything is sent, as at OpenAI.
 */
export async function readInput(
  { workspace, models: { place }, translators }: Pick<ServeContext, "workspace" | "models" | "translators">,
  record: BatchRecord,
): Promise<ReadInput> {
  const writer = new BatchWriter(workspace, record.id);
  const problems: InputProblem[] = [];
  const ids = new UsedIds();
  const named = new Set<string>();
  try {
    const blocks = translators.map(readTasks(workspace, record, place), (task) => translators.run("requests", task));
    for await (const translated of blocks) {
      const repeated = ids.add(translated);
      problems.push(...[...translated.problems, ...repeated].sort((one, other) => (one.line ?? 0) - (other.line ?? 0)));
      problems.splice(shownProblems);
      for (const model of translated.models) if (named.size < 2) named.add(model);
      writer.addBlock(translated.block);
    }
    if (problems.length === 0 && writer.requestCount === 0)
      problems.push({ code: "empty_file", message: "The input file has no requests." });
    if (problems.length > 0) {
      writer.drop();
      return { problems };
    }
    const [model] = named;
    return {
      batch: await writer.commit("openai", record.createdAt * 1000, {}),
      model: named.size === 1 ? model : undefined,
    };
  } catch (error) {
    writer.drop();
    throw error;
  }
}

async function* readTasks(
  workspace: string,
  { endpoint, inputFileId }: BatchRecord,
  place: RequestsTask["place"],
): AsyncGenerator<RequestsTask> {
  let firstLine = 1;
  for await (const bytes of readLineBlocks(contentPath(workspace, inputFileId))) {
    yield { endpoint, place, bytes, firstLine };
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) firstLine += 1;
  }
}

/** Letters of a short id; there may be millions of ids, so of longer ones a hash is kept. */
const shortId = 20;

/** The ids of a file. */
class UsedIds {
  readonly #used = new Set<string>();

  /** @returns a problem for each that was used before */
  add({ ids, idLines }: Pick<TranslatedRequests, "ids" | "idLines">): InputProblem[] {
    const problems: InputProblem[] = [];
    for (const [index, id] of ids.entries()) {
      const count = this.#used.size;
      // A hash is longer than any short id.
      this.#used.add(id.length <= shortId ? id : hash("md5", id, "base64"));
      if (this.#used.size > count) continue;
      const message = `The custom_id ${id} was used before.`;
      problems.push({ code: "duplicate_custom_id", message, line: idLines[index] ?? 0 });
    }
    return problems;
  }
}

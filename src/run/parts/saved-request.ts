import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commitText } from "../../foundation/commit-file.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { readSpecFile } from "../../prompt/read-spec-file.ts";
import { requestFile } from "../../workspace/part-files.ts";
import type { RunPaths } from "../../workspace/run-folder.ts";
import type { RunRequest } from "../plan/choose-model.ts";
import { toRunRequest } from "../plan/read-request.ts";

/** What a run was asked to do, without what other files have; a prompt function is read from its spec again. */
interface SavedRequest {
  readonly version: 1;
  readonly request: RunRequest;
  /** Where the prompt function is. */
  readonly specPath?: string;
}

/** Writes down what a run was asked to do, so that other processes can do its parts. */
export function writeRequest({ directory }: Pick<RunPaths, "directory">, request: RunRequest): void {
  const { files: _, source: __, ...rest } = request;
  const { prompt } = request;
  const isOfFile = prompt.kind === "function" && prompt.isClosure !== true;
  const saved: SavedRequest = {
    version: 1,
    request: rest,
    ...(isOfFile ? { specPath: resolve(prompt.source) } : {}),
  };
  commitText(join(directory, requestFile), `${JSON.stringify(saved)}\n`);
}

/** Changes options of a run that were decided when it was begun: parts that are prepared from here on go by them. */
export function changeRequest(
  { directory }: Pick<RunPaths, "directory">,
  options: Partial<RunRequest["options"]>,
): void {
  const path = join(directory, requestFile);
  const saved = JSON.parse(readFileSync(path, "utf8")) as SavedRequest;
  const request = { ...saved.request, options: { ...saved.request.options, ...options } };
  commitText(path, `${JSON.stringify({ ...saved, request })}\n`);
}

/** Whether other processes than the one that began a run can render its prompt. */
export const isPortable = ({ prompt }: Pick<RunRequest, "prompt">): boolean =>
  prompt.kind !== "function" || prompt.isClosure !== true;

/**
 * What a run was asked to do.
 * @throws BAD_OPTIONS where the prompt is a function that only the program has which began the run, or whose spec is not there or has changed
 */
export async function readSavedRequest({ directory }: Pick<RunPaths, "directory">, runId: string): Promise<RunRequest> {
  const { request, specPath } = JSON.parse(readFileSync(join(directory, requestFile), "utf8")) as SavedRequest;
  const { prompt } = request;
  if (prompt.kind !== "function") return request;
  const refuse = (problem: string): HalfpriceError =>
    new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice part" });
  if (specPath === undefined)
    throw refuse(`the prompt of ${runId} is a function of the program that began it; its parts are prepared there`);
  if (!existsSync(specPath))
    throw refuse(
      `the prompt of ${runId} is a function of ${specPath}, which is not here; its parts are prepared where it is`,
    );
  const spec = toRunRequest(await readSpecFile(specPath), request.options);
  if (spec.prompt.kind !== "function" || spec.prompt.text !== prompt.text)
    throw refuse(`${specPath} has changed since ${runId} was planned; put it back as it was`);
  return { ...request, prompt: { ...prompt, render: spec.prompt.render } };
}

import type { MediaKind } from "../foundation/types/index.ts";
import { findFileProblem, findRequestProblem } from "../media/check-media.ts";
import { type InspectedMedia, inspectMedia } from "../media/inspect-media.ts";
import { isObject, type JsonObject } from "../models/body-summary.ts";
import { findMediaRule } from "../models/rules/media-rules.ts";

interface SentFile {
  readonly kind: MediaKind;
  /** As the body declares it: `png`. */
  readonly declared: string;
  readonly base64: string;
}

/**
 * What of a body's pictures and documents the model would refuse, a sentence a problem: by their contents, and not by what the client calls
 * them.
 * @param family the form of the body
 */
export function findFileProblems(family: string, baseId: string, label: string, body: JsonObject): string[] {
  const sent = readFiles(body);
  if (sent.length === 0) return [];
  const rule = findMediaRule(family, baseId);
  const files: InspectedMedia[] = [];
  const problems: string[] = [];
  for (const [index, { kind, declared, base64 }] of sent.entries()) {
    const name = `${kind} ${index + 1}`;
    if (rule?.[kind] === undefined) return [`${label} takes no ${kind}s`];
    const inspection = inspectMedia(Buffer.from(base64, "base64"), kind, `file.${declared}`);
    if ("problem" in inspection) {
      problems.push(`${name} ${inspection.problem}`);
      continue;
    }
    const { found } = inspection;
    files.push(found);
    if (kind === "image" && found.format !== declared)
      problems.push(`${name} is called ${declared}, and by its content it is ${found.format}`);
    const problem = findFileProblem(found, rule);
    if (problem !== undefined) problems.push(`${name} ${problem}`);
  }
  const whole = rule === undefined ? undefined : findRequestProblem(files, rule);
  return whole === undefined ? problems : [...problems, whole];
}

function readFiles(body: JsonObject): SentFile[] {
  const messages = Array.isArray(body["messages"]) ? body["messages"].filter(isObject) : [];
  return messages.flatMap(({ content }) => (Array.isArray(content) ? content.filter(isObject).flatMap(readFile) : []));
}

function readFile(block: JsonObject): SentFile[] {
  for (const kind of ["image", "document"] as const) {
    const own = block[kind];
    if (isObject(own)) return readSource(kind, own["format"], own["source"]);
    if (block["type"] === kind) {
      const type = isObject(block["source"]) ? String(block["source"]["media_type"]).split("/")[1] : undefined;
      return readSource(kind, type === "jpg" ? "jpeg" : type, block["source"]);
    }
  }
  return [];
}

function readSource(kind: MediaKind, declared: unknown, source: unknown): SentFile[] {
  const { bytes, data, type } = (isObject(source) ? source : {}) as Record<string, unknown>;
  const base64 = bytes ?? (type === "base64" ? data : undefined);
  return typeof base64 === "string" ? [{ kind, declared: String(declared), base64 }] : [];
}

/** Puts a label into an answer of the asked shape. */
import { isObject, type JsonObject } from "../family.ts";

/**
 * The label goes where it is offered: into the member whose list of labels has it; else into the one that is called like its column; else
 * into the first one that takes any text.
 * @param schema of the answer, with what its members point to
 * @returns the value as it was where none of its members takes the label
 */
export function placeLabel(value: unknown, schema: unknown, label: string, column: string): unknown {
  if (!isObject(value)) return typeof value === "string" ? label : value;
  if (!isObject(schema) || !isObject(schema["properties"])) return value;
  const members = Object.entries(schema["properties"]).map(([name, member]) => ({
    name,
    member: resolve(member, schema),
  }));
  const place =
    members.find(({ member }) => optionsOf(member)?.includes(label) === true) ??
    members.find(({ name, member }) => name === column && optionsOf(member) === undefined) ??
    members.find(({ member }) => isObject(member) && member["type"] === "string" && optionsOf(member) === undefined);
  return place === undefined ? value : { ...value, [place.name]: label };
}

const optionsOf = (member: unknown): readonly unknown[] | undefined => {
  const options = isObject(member) ? member["enum"] : undefined;
  return Array.isArray(options) ? options : undefined;
};

/** A definition that a member points to; anything else is the member itself. */
function resolve(member: unknown, root: JsonObject): unknown {
  const pointer = isObject(member) ? member["$ref"] : undefined;
  if (typeof pointer !== "string") return member;
  let at: unknown = root;
  for (const part of pointer.replace(/^#\/?/, "").split("/")) at = isObject(at) ? at[part] : undefined;
  return at ?? member;
}

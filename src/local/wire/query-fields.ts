/** The fields of a query operation, and what can be wrong with them, in the words of AWS's own validation. */

export interface Field {
  readonly type: "string" | "integer" | "boolean" | "list" | "tags";
  readonly isRequired?: boolean;
  /** Characters of a string, the value of an integer, the members of a list. */
  readonly min?: number;
  readonly max?: number;
  /** The whole string must match. */
  readonly pattern?: string;
  readonly choices?: readonly string[];
  /** Of a list of structures: the fields of each. */
  readonly members?: Fields;
  /** Of a list of strings: what each must be. */
  readonly each?: Pick<Field, "min" | "max" | "pattern" | "choices">;
}

export type Fields = Readonly<Record<string, Field>>;

/** The input of a query operation. */
export interface FormShape {
  readonly type: "form";
  readonly fields: Fields;
}

export const form = (fields: Fields): FormShape => ({ type: "form", fields });

export interface InputTag {
  readonly key: string;
  readonly value: string;
}

/** What was sent, by field; lists are never undefined. */
export interface Input {
  find(name: string): string | undefined;
  /** Of a field that the table requires. */
  get(name: string): string;
  list(name: string): readonly Input[];
}

class FormInput implements Input {
  readonly #params: ReadonlyMap<string, string>;
  readonly #prefix: string;
  constructor(params: ReadonlyMap<string, string>, prefix: string) {
    this.#params = params;
    this.#prefix = prefix;
  }
  find(name: string): string | undefined {
    return this.#params.get(name === "" ? this.#prefix.slice(0, -1) : `${this.#prefix}${name}`);
  }
  get(name: string): string {
    return this.find(name) ?? "";
  }
  list(name: string): readonly Input[] {
    const start = `${this.#prefix}${name}.member.`;
    const numbers = [...this.#params.keys()]
      .filter((key) => key.startsWith(start))
      .map((key) => Number.parseInt(key.slice(start.length), 10))
      .filter((number) => number >= 1);
    return [...new Set(numbers)]
      .sort((a, b) => a - b)
      .map((number) => new FormInput(this.#params, `${start}${number}.`));
  }
}

export const readFields = (_fields: Fields, params: ReadonlyMap<string, string>): Input => new FormInput(params, "");

/** Every constraint that does not hold, in the table's order. */
export function findFieldProblems(fields: Fields, input: Input, path = ""): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const at = `${path}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (field.type === "list" || field.type === "tags") return findListProblems(name, field, input, at);
    const value = input.find(name);
    if (value === undefined) return field.isRequired === true ? [isNull(at)] : [];
    return findValueProblems(value, field, at);
  });
}

const isNull = (at: string): string => `Value null at '${at}' failed to satisfy constraint: Member must not be null`;

const tagFields: Fields = {
  Key: { type: "string", isRequired: true, min: 1, max: 128, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+" },
  Value: { type: "string", isRequired: true, min: 0, max: 256, pattern: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*" },
};

function findListProblems(name: string, field: Field, input: Input, at: string): string[] {
  const members = input.list(name);
  const problems: string[] = [];
  if (field.isRequired === true && members.length === 0) problems.push(isNull(at));
  if (field.max !== undefined && members.length > field.max) {
    problems.push(
      `${subject(`[${members.length} members]`, at)} Member must have length less than or equal to ${field.max}`,
    );
  }
  const inside = field.type === "tags" ? tagFields : field.members;
  return [
    ...problems,
    ...members.flatMap((member, index) =>
      inside === undefined
        ? findValueProblems(member.get(""), { ...field.each, type: "string" }, `${at}.${index + 1}.member`)
        : findFieldProblems(inside, member, `${at}.${index + 1}.member.`),
    ),
  ];
}

const subject = (value: string, at: string): string => `Value '${value}' at '${at}' failed to satisfy constraint:`;

function findValueProblems(value: string, field: Field, at: string): string[] {
  const { type, min, max, pattern, choices = [] } = field;
  const start = subject(value, at);
  if (type === "integer") {
    if (!/^-?\d+$/.test(value)) return [`${start} Member must be an integer`];
    const number = Number(value);
    return [
      ...(min !== undefined && number < min ? [`${start} Member must have value greater than or equal to ${min}`] : []),
      ...(max !== undefined && number > max ? [`${start} Member must have value less than or equal to ${max}`] : []),
    ];
  }
  if (type === "boolean") return /^(?:true|false)$/i.test(value) ? [] : [`${start} Member must be a boolean`];
  return [
    ...(min !== undefined && value.length < min
      ? [`${start} Member must have length greater than or equal to ${min}`]
      : []),
    ...(max !== undefined && value.length > max
      ? [`${start} Member must have length less than or equal to ${max}`]
      : []),
    ...(pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test(value)
      ? [`${start} Member must satisfy regular expression pattern: ${pattern}`]
      : []),
    ...(choices.length > 0 && !choices.includes(value)
      ? [`${start} Member must satisfy enum value set: [${choices.join(", ")}]`]
      : []),
  ];
}

/** The members of a list of strings. */
export const readStrings = (input: Input, name: string): string[] => input.list(name).map((member) => member.get(""));

export const readTags = (input: Input, name: string): InputTag[] =>
  input.list(name).map((tag) => ({ key: tag.get("Key"), value: tag.get("Value") }));

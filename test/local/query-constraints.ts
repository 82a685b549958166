/** Every way to break the fields of a query operation, one at a time, made from the operation's own table. */
import type { Field, Fields } from "../../src/local/wire/query-fields.ts";
import type { FormValue } from "./query-form.ts";

export interface Breach {
  readonly said: string;
  readonly fields: Readonly<Record<string, FormValue>>;
  /** What the answer says of it. */
  readonly words: string;
}

const decapitalize = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

/** @param valid fields with which the operation passes its checks */
export function listBreaches(fields: Fields, valid: Readonly<Record<string, FormValue>>): Breach[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const at = `at '${decapitalize(name)}`;
    const breaches: Breach[] = [];
    const breach = (said: string, value: FormValue | undefined, words: string): void => {
      const { [name]: _, ...others } = valid;
      breaches.push({
        said: `${name} ${said}`,
        fields: value === undefined ? others : { ...others, [name]: value },
        words,
      });
    };
    if (field.isRequired === true)
      breach("missing", undefined, `Value null ${at}' failed to satisfy constraint: Member must not be null`);
    if (field.type === "list" || field.type === "tags") {
      if (field.max !== undefined && field.type === "tags") {
        const many = Array.from({ length: field.max + 1 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
        breach("with too many members", many, `Member must have length less than or equal to ${field.max}`);
        breach(
          "with a long key",
          [{ Key: "k".repeat(129), Value: "" }],
          "Member must have length less than or equal to 128",
        );
        breach(
          "with a long value",
          [{ Key: "k", Value: "v".repeat(257) }],
          "Member must have length less than or equal to 256",
        );
      }
      return breaches;
    }
    listValueBreaches(field).forEach(([said, value, words]) => breach(said, value, words));
    return breaches;
  });
}

function listValueBreaches({
  type,
  min,
  max,
  pattern,
  choices,
}: Field): [said: string, value: string, words: string][] {
  if (type === "integer") {
    return [
      ["that is no number", "many", "Member must be an integer"],
      ...(min === undefined
        ? []
        : [
            ["too low", String(min - 1), `Member must have value greater than or equal to ${min}`] as [
              string,
              string,
              string,
            ],
          ]),
      ...(max === undefined
        ? []
        : [
            ["too high", String(max + 1), `Member must have value less than or equal to ${max}`] as [
              string,
              string,
              string,
            ],
          ]),
    ];
  }
  if (type === "boolean") return [["that is neither", "maybe", "Member must be a boolean"]];
  return [
    ...(min === undefined || min < 2
      ? []
      : [
          ["too short", "a".repeat(min - 1), `Member must have length greater than or equal to ${min}`] as [
            string,
            string,
            string,
          ],
        ]),
    ...(min === 1
      ? [["empty", "", "Member must have length greater than or equal to 1"] as [string, string, string]]
      : []),
    ...(max === undefined
      ? []
      : [
          ["too long", "a".repeat(max + 1), `Member must have length less than or equal to ${max}`] as [
            string,
            string,
            string,
          ],
        ]),
    ...(pattern === undefined || new RegExp(`^(?:${pattern})$`, "u").test("\u0001")
      ? []
      : [
          ["off its pattern", `${"a".repeat(min ?? 1)}\u0001`, "Member must satisfy regular expression pattern"] as [
            string,
            string,
            string,
          ],
        ]),
    ...(choices === undefined
      ? []
      : [["that is no choice", "Neither", "Member must satisfy enum value set"] as [string, string, string]]),
  ];
}

import { writeFile } from "./folder.ts";
import { makeCsv } from "./records.ts";

/** Labels of the tables of `writeGold`. */
export const goldLabels = ["billing", "delivery", "login", "refund", "other"] as const;

/** A table of distinct texts with a label each, and a file that describes how well models answer it. */
export function writeGold(
  folder: string,
  count: number,
  { models = { "nova-micro": { accuracy: 1 } }, ...more }: { models?: object; packed?: object; seed?: number } = {},
): { readonly table: string; readonly behaviour: string; readonly schema: string } {
  const rows = Array.from({ length: count }, (_, at) => [
    String(at),
    `message number ${at}, "quoted" and\nbroken ${(at * 7919) % 997} {{x}} äöü 界`,
    goldLabels[(at * 31) % goldLabels.length] ?? "",
  ]);
  const table = writeFile(folder, "gold.csv", makeCsv(["id", "text", "label"], rows));
  const gold = { file: "gold.csv", text: "text", label: "label" };
  const behaviour = writeFile(folder, "behaviour.json", JSON.stringify({ gold, models, ...more }));
  const properties = { label: { type: "string", enum: goldLabels } };
  const schema = writeFile(
    folder,
    "schema.json",
    JSON.stringify({ type: "object", properties, required: ["label"], additionalProperties: false }),
  );
  return { table, behaviour, schema };
}

/** A lifecycle configuration: checked and kept, with names for the rules that have none. No object expires by it. */
import { randomUUID } from "node:crypto";
import { children, childText, type XmlNode } from "../../wire/xml.ts";
import { S3Error } from "../errors.ts";

const maxRules = 1000;
const actions = [
  "Expiration",
  "Transition",
  "NoncurrentVersionExpiration",
  "NoncurrentVersionTransition",
  "AbortIncompleteMultipartUpload",
];

const wrong = (message: string): S3Error => new S3Error("InvalidArgument", { message });

/** @throws S3Error MalformedXML, InvalidArgument, InvalidRequest */
export function checkLifecycle(root: XmlNode): XmlNode {
  const rules = children(root, "Rule");
  if (rules.length === 0 || rules.length > maxRules) throw new S3Error("MalformedXML");
  const seen = new Set<string>();
  const named = rules.map((rule) => {
    const id = childText(rule, "ID")?.trim() || randomUUID();
    if (id.length > 255) throw wrong("ID length should not exceed allowed limit of 255");
    if (seen.has(id)) throw wrong("Rule ID must be unique. Found same ID for more than one rule");
    seen.add(id);
    checkRule(rule);
    return { text: "", children: new Map([...rule.children, ["ID", [text(id)]]]) };
  });
  return { text: "", children: new Map([...root.children, ["Rule", named]]) };
}

const text = (value: string): XmlNode => ({ text: value, children: new Map<string, XmlNode[]>() });

function checkRule(rule: XmlNode): void {
  const status = childText(rule, "Status")?.trim();
  if (status !== "Enabled" && status !== "Disabled") throw new S3Error("MalformedXML");
  const hasFilter = rule.children.has("Filter");
  if (hasFilter === rule.children.has("Prefix")) throw new S3Error("MalformedXML");
  if (!actions.some((name) => rule.children.has(name))) {
    throw new S3Error("InvalidRequest", { message: "At least one action needs to be specified in a rule" });
  }
  for (const action of actions) for (const node of children(rule, action)) checkAction(action, node);
}

function checkAction(action: string, node: XmlNode): void {
  for (const name of ["Days", "NoncurrentDays", "DaysAfterInitiation"]) {
    const days = childText(node, name)?.trim();
    if (days === undefined) continue;
    const least = action === "Transition" ? 0 : 1;
    if (!/^-?\d+$/.test(days)) throw new S3Error("MalformedXML");
    if (Number(days) < least) {
      throw wrong(`'${name}' for ${action} action must be ${least === 0 ? "nonnegative" : "a positive integer"}`);
    }
  }
  const date = childText(node, "Date")?.trim();
  if (date === undefined) return;
  const at = new Date(date);
  if (Number.isNaN(at.getTime())) throw new S3Error("MalformedXML");
  if (at.getTime() % 86_400_000 !== 0) throw wrong("'Date' must be at midnight GMT");
}

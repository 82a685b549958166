/** XML as the query protocol and S3 write and read it: elements without attributes but for the namespace. */
import { XMLParser, XMLValidator } from "fast-xml-parser";

/** A piece of XML that is already escaped. */
export type Markup = string;

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
  "\n": "&#10;",
  "	": "&#9;",
};
/** Control characters have no place in XML 1.0; S3 writes them as references all the same, and clients know it. */
// oxlint-disable-next-line no-control-regex -- these are the characters to find
const escaped = /[&<>"\u0000-\u001f\ufffe\uffff]/g;

export function escapeXml(text: string): Markup {
  return text.replace(escaped, (char) => escapes[char] ?? `&#x${char.charCodeAt(0).toString(16)};`);
}

/** An element around other markup. Undefined children are left out. */
export function element(name: string, ...children: readonly (Markup | undefined)[]): Markup {
  return `<${name}>${children.join("")}</${name}>`;
}

/** An element around text; nothing at all where the text is undefined. */
export function leaf(name: string, text: string | number | boolean | undefined): Markup {
  return text === undefined ? "" : `<${name}>${typeof text === "string" ? escapeXml(text) : String(text)}</${name}>`;
}

/** A whole document. */
export function document(
  name: string,
  namespace: string | undefined,
  ...children: readonly (Markup | undefined)[]
): string {
  const attribute = namespace === undefined ? "" : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${attribute}>${children.join("")}</${name}>`;
}

/** A parsed element: text, or what is inside by name, always as lists. */
export interface XmlNode {
  /** The text of an element without children, white space kept. */
  readonly text: string;
  readonly children: ReadonlyMap<string, readonly XmlNode[]>;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  processEntities: false,
});

/** @returns the root's name and content, or undefined where the text is not well-formed or brings a DOCTYPE */
export function parseXml(text: string): { name: string; root: XmlNode } | undefined {
  // Nothing that AWS takes has a DOCTYPE, and one can make a short text very long.
  if (/<!DOCTYPE/i.test(text)) return undefined;
  try {
    if (XMLValidator.validate(text) !== true) return undefined;
    const ordered = parser.parse(text) as Ordered[];
    const root = ordered.find((each) => !("#text" in each) && !("?xml" in each));
    const name = Object.keys(root ?? {}).find((key) => key !== ":@");
    return name === undefined ? undefined : { name, root: readNode((root?.[name] ?? []) as Ordered[]) };
  } catch {
    // The parser throws at what it does not take, and a text of nothing but beginnings goes deeper than the stack.
    return undefined;
  }
}

/** The parser's own form, with `preserveOrder`: one object an element, named by its only key. */
type Ordered = Record<string, unknown>;

function readNode(content: readonly Ordered[]): XmlNode {
  const children = new Map<string, XmlNode[]>();
  let text = "";
  for (const each of content) {
    if ("#text" in each) {
      text += decodeEntities(String(each["#text"]));
      continue;
    }
    const name = Object.keys(each).find((key) => key !== ":@");
    if (name === undefined || name.startsWith("?")) continue;
    const nodes = children.get(name) ?? [];
    nodes.push(readNode((each[name] ?? []) as Ordered[]));
    children.set(name, nodes);
  }
  return { text, children };
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The text of the first child of that name. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.get(name)?.[0]?.text;
}

export function children(node: XmlNode, name: string): readonly XmlNode[] {
  return node.children.get(name) ?? [];
}

/** A parsed element as a document again, under a namespace of one's own. */
export function writeNode(name: string, node: XmlNode, namespace: string | undefined): string {
  return document(name, namespace, ...writeInside(node));
}

function writeInside(node: XmlNode): Markup[] {
  if (node.children.size === 0) return [escapeXml(node.text)];
  return [...node.children].flatMap(([name, nodes]) => nodes.map((each) => element(name, ...writeInside(each))));
}

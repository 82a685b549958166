import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  children,
  childText,
  document,
  element,
  escapeXml,
  leaf,
  parseXml,
  writeNode,
} from "../../../src/local/wire/xml.ts";

describe("XML", () => {
  it("gives every text back that it was given", () => {
    const anyText = fc.string({ unit: "binary" }).filter((text) => !/[\u0000\ufffe\uffff]/.test(text));
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parseXml(document("Root", undefined, leaf("Key", text)));
        expect(parsed && childText(parsed.root, "Key")).toBe(text);
      }),
    );
  });

  it("writes what XML has a meaning for as references", () => {
    expect(escapeXml("a<b>&\"'\r\n\t\u0001")).toBe("a&lt;b&gt;&amp;&quot;'&#13;&#10;&#9;&#x1;");
  });

  it("reads references of every kind, repeated elements and namespaces", () => {
    const parsed = parseXml(
      '<?xml version="1.0"?><n:R xmlns:n="u"><K>&#x41;&#66;&amp;&unknown;</K><K> two </K><E/></n:R>',
    );
    expect(parsed?.name).toBe("R");
    expect(parsed && children(parsed.root, "K").map(({ text }) => text)).toEqual(["AB&&unknown;", " two "]);
    expect(parsed && childText(parsed.root, "E")).toBe("");
  });

  it("writes what it read", () => {
    const text = document("R", "urn:x", element("A", leaf("B", "1 < 2"), leaf("B", "3")), leaf("C", true));
    const parsed = parseXml(text);
    expect(parsed && writeNode("R", parsed.root, "urn:x")).toBe(text);
  });

  it.each([
    ["nothing", ""],
    ["no XML", "hello"],
    ["an end that is missing", "<a><b></a>"],
    ["two roots' worth of beginnings", "<a>".repeat(200_000)],
    ["a great depth", `${"<a>".repeat(200_000)}${"</a>".repeat(200_000)}`],
    ["a DOCTYPE", '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">]><r>&a;</r>'],
  ])("is none with %s", (_said, text) => {
    expect(parseXml(text)).toBeUndefined();
  });
});

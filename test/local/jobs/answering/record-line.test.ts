import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromByteText, toByteText } from "../../../../src/local/jobs/answering/byte-text.ts";
import {
  answeredLine,
  compactJson,
  cutModelInput,
  failedLine,
  makeRecordId,
  readRecordText,
} from "../../../../src/local/jobs/answering/record-line.ts";

describe("a record's line", () => {
  it("gives up its members, whatever stands around them", () => {
    fc.assert(
      fc.property(
        fc.json({ stringUnit: "grapheme" }),
        fc.string({ unit: "grapheme" }),
        fc.json({ stringUnit: "grapheme" }),
        fc.constantFrom(0, 2, "\t"),
        fc.boolean(),
        (input, id, other, indent, isLast) => {
          const record = isLast
            ? { other: JSON.parse(other) as unknown, recordId: id, modelInput: JSON.parse(input) as unknown }
            : { modelInput: JSON.parse(input) as unknown, recordId: id, 'a"b': JSON.parse(other) as unknown };
          const line = JSON.stringify(record, null, indent).replaceAll("\n", " ");
          const bytes = toByteText(line);
          const cut = readRecordText(bytes);
          const { recordId, modelInput } = cut;
          expect(fromByteText(compactJson(modelInput ?? ""))).toBe(JSON.stringify(record.modelInput));
          expect(JSON.parse(cutModelInput(line, bytes, cut))).toEqual(record.modelInput);
          if (id !== "") expect(JSON.parse(fromByteText(recordId ?? "null"))).toBe(id);
          else expect(recordId).toBeUndefined();
        },
      ),
    );
  });

  it("keeps numbers as they are written, and takes out what JSON does not need", () => {
    const wide = '{ "a" : 1.0 , "b":12345678901234567890,"c":"caf\\u00e9 \\u2028 é \\n","d":"\\ud800" }';
    expect(fromByteText(compactJson(toByteText(wide)))).toBe(
      '{"a":1.0,"b":12345678901234567890,"c":"café \u2028 é \\n","d":"\\ud800"}',
    );
  });

  it("has the last of members that are given twice", () => {
    expect(readRecordText('{"recordId":"a","recordId":"b","modelInput":1,"modelInput":{}}')).toMatchObject({
      recordId: '"b"',
      modelInput: "{}",
    });
  });

  it("takes a null id for none, and a number for its text", () => {
    expect(readRecordText('{"recordId":null}').recordId).toBeUndefined();
    expect(readRecordText('{"recordId":12}').recordId).toBe('"12"');
  });

  it("is written compact, members in the order of the alphabet", () => {
    expect(answeredLine('"a"', "{}", '{"x":1}')).toBe('{"modelInput":{},"modelOutput":{"x":1},"recordId":"a"}\n');
    expect(fromByteText(failedLine('"a"', "{}", 400, 'bad "thing" 遅延'))).toBe(
      '{"error":{"errorCode":400,"errorMessage":"bad \\"thing\\" 遅延"},"modelInput":{},"recordId":"a"}\n',
    );
    expect(makeRecordId(35)).toBe('"REC0000000Z"');
  });
});

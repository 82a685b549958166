import { describe, expect, it } from "vitest";
import { holds } from "../../../../src/local/iam/evaluate/conditions.ts";

type Row = readonly [
  operator: string,
  wanted: string | string[],
  actual: string | string[] | undefined,
  holds: boolean,
];

const jobs = "arn:aws:bedrock:us-east-1:111122223333:model-invocation-job/";
const rows: readonly Row[] = [
  ["StringEquals", "a", "a", true],
  ["StringEquals", "a", "A", false],
  ["StringEquals", "a*", "ab", false],
  ["StringEquals", "a", undefined, false],
  ["StringNotEquals", "a", "b", true],
  ["StringNotEquals", ["a", "b"], "b", false],
  ["StringNotEquals", "a", undefined, true],
  ["StringEqualsIgnoreCase", "a", "A", true],
  ["StringNotEqualsIgnoreCase", "a", "A", false],
  ["StringLike", "a*c", "abbc", true],
  ["StringLike", "a?c", "ac", false],
  ["StringNotLike", "a*", "b", true],
  ["StringNotLike", "a*", "ab", false],
  ["StringEqualsIfExists", "a", undefined, true],
  ["StringEqualsIfExists", "a", "b", false],
  ["ArnEquals", `${jobs}*`, `${jobs}abc`, true],
  ["ArnLike", "arn:aws:bedrock:*:111122223333:model-invocation-job/*", `${jobs}abc`, true],
  ["ArnLike", "arn:*:model-invocation-job/*", `${jobs}abc`, false],
  ["ArnNotLike", `${jobs}*`, `${jobs}abc`, false],
  ["ArnNotEquals", `${jobs}x`, `${jobs}abc`, true],
  ["Bool", "true", "true", true],
  ["Bool", "false", "true", false],
  ["BoolIfExists", "false", undefined, true],
  ["Null", "true", undefined, true],
  ["Null", "true", "x", false],
  ["Null", "false", "x", true],
  ["Null", "false", undefined, false],
  ["NumericEquals", "10", "10.0", true],
  ["NumericNotEquals", "10", "11", true],
  ["NumericLessThan", "10", "9", true],
  ["NumericLessThanEquals", "10", "10", true],
  ["NumericGreaterThan", "10", "10", false],
  ["NumericGreaterThanEquals", "10", "x", false],
  ["DateLessThan", "2026-11-22T00:00:00Z", "2026-11-21T09:00:00Z", true],
  ["DateGreaterThan", "1700000000", "2026-11-21T09:00:00Z", true],
  ["DateEquals", "2026-11-21T09:00:00Z", "2026-11-21T09:00:00.000Z", true],
  ["DateNotEquals", "2026-11-21T09:00:00Z", "2026-11-21T09:00:01Z", true],
  ["DateLessThanEquals", "2026-11-21", "2026-11-22", false],
  ["DateGreaterThanEquals", "2026-11-21", "2026-11-21", true],
  ["IpAddress", "10.0.0.0/8", "10.1.2.3", true],
  ["IpAddress", ["192.168.0.0/16", "10.1.2.3"], "10.1.2.3", true],
  ["IpAddress", "10.0.0.0/8", "::1", false],
  ["IpAddress", "nonsense/99", "10.1.2.3", false],
  ["NotIpAddress", "10.0.0.0/8", "11.1.2.3", true],
  ["ForAllValues:StringEquals", ["a", "b"], ["a", "b"], true],
  ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false],
  ["ForAllValues:StringEquals", "a", undefined, true],
  ["ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], true],
  ["ForAnyValue:StringEquals", "a", ["c"], false],
  ["ForAnyValue:StringEquals", "a", undefined, false],
  ["ForAnyValue:StringLike", "a*", ["c", "ab"], true],
  ["ForAllValues:StringNotEquals", "a", ["b", "c"], true],
  ["ForAnyValue:StringNotEquals", "a", ["a"], false],
  ["StringEquel", "a", "a", false],
  ["stringequals", "a", "a", true],
];

describe("a condition", () => {
  it.each(rows)("%s %j against %j: %j", (operator, wanted, actual, expected) => {
    const keys = new Map(actual === undefined ? [] : [["aws:thing", [actual].flat()] as const]);
    expect(holds({ operator, key: "AWS:Thing", values: [wanted].flat() }, keys, true)).toBe(expected);
  });
});

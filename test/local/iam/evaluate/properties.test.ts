import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fits, fitsArn, tokenize } from "../../../../src/local/iam/evaluate/glob.ts";
import { account, ask, type Given, jane, otherAccount, type Statements, worker } from "./asked.ts";

const condition = fc.option(
  fc.constantFrom(
    { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
    { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } },
    { Null: { "aws:SourceArn": "true" } },
    { StringLike: { "s3:prefix": "in/*" } },
  ),
  { nil: undefined },
);
const actions = fc.constantFrom("*", "s3:*", "s3:Get*", "s3:PutObject", "iam:*", "s3:GetObject");
const resources = fc.constantFrom(
  "*",
  "arn:aws:s3:::bucket/*",
  "arn:aws:s3:::bucket/k?y",
  "arn:aws:s3:::other/*",
  "arn:aws:s3:::bucket",
);
const names = fc.constantFrom<unknown>(
  "*",
  { AWS: account },
  { AWS: `arn:aws:iam::${account}:user/jane` },
  { AWS: `arn:aws:iam::${account}:role/worker` },
  { Service: "bedrock.amazonaws.com" },
);
const statement = (withPrincipal: boolean) =>
  fc
    .record({
      Effect: fc.constantFrom("Allow", "Deny"),
      action: actions,
      resource: resources,
      isNotAction: fc.boolean(),
      isNotResource: fc.boolean(),
      condition,
      name: names,
    })
    .map(({ Effect, action, resource, isNotAction, isNotResource, condition: Condition, name }) => ({
      Effect,
      [isNotAction ? "NotAction" : "Action"]: action,
      [isNotResource ? "NotResource" : "Resource"]: resource,
      ...(Condition !== undefined && { Condition }),
      ...(withPrincipal && { Principal: name }),
    }));
const statements = (withPrincipal = false) => fc.array(statement(withPrincipal), { maxLength: 4 });
const given = fc.record({
  identity: statements(),
  resource: statements(true),
  organisation: statements(),
  isResourceNeeded: fc.boolean(),
  resourceAccountId: fc.constantFrom(account, otherAccount),
});
const narrowed = fc.record({ session: statements(), boundary: statements() }, { requiredKeys: [] });
const asked = fc.record({
  principal: fc.constantFrom(jane, worker),
  action: fc.constantFrom("s3:GetObject", "s3:PutObject", "iam:PassRole"),
  resource: fc.constantFrom("arn:aws:s3:::bucket/key", "arn:aws:s3:::bucket", "arn:aws:s3:::other/x"),
  keys: fc.constantFrom(
    {},
    { "aws:RequestedRegion": "us-east-1" },
    { "aws:RequestedRegion": "eu-west-1", "s3:prefix": "in/a" },
  ),
});
const all = fc
  .tuple(asked, given, narrowed)
  .map(([question, policies, more]) => [question, { ...policies, ...more }] as const);
const kinds = ["identity", "resource", "session", "boundary", "organisation"] as const;
const with_ = (policies: Given, kind: (typeof kinds)[number], extra: Statements): Given => ({
  ...policies,
  [kind]: [...(policies[kind] ?? []), ...extra],
});
const everything = (Effect: "Allow" | "Deny") => [{ Effect, Action: "*", Resource: "*" }];
const everybody = (Effect: "Allow" | "Deny") => [{ Effect, Action: "*", Resource: "*", Principal: "*" }];
const of = (kind: (typeof kinds)[number], effect: "Allow" | "Deny"): Statements =>
  kind === "resource" ? everybody(effect) : everything(effect);

describe("a decision", () => {
  it("is no wherever a Deny for everything stands", () => {
    fc.assert(
      fc.property(all, fc.constantFrom(...kinds), ([question, policies], kind) => {
        const decision = ask(question, with_(policies, kind, of(kind, "Deny")));
        expect(decision).toMatchObject({ isAllowed: false, isExplicit: true });
      }),
    );
  });

  it("does not depend on the order of statements", () => {
    fc.assert(
      fc.property(all, ([question, policies]) => {
        const turned = Object.fromEntries(
          Object.entries(policies).map(([kind, value]) => [kind, Array.isArray(value) ? [...value].reverse() : value]),
        );
        const [one, two] = [ask(question, policies), ask(question, turned)];
        expect([two.isAllowed, "kind" in two && two.kind]).toEqual([one.isAllowed, "kind" in one && one.kind]);
      }),
    );
  });

  it("is never taken back by one more Allow where the list was there before", () => {
    fc.assert(
      fc.property(all, fc.constantFrom(...kinds), statement(true), ([question, policies], kind, extra) => {
        fc.pre(policies[kind] !== undefined);
        const { Principal, ...rest } = { ...extra, Effect: "Allow" };
        const before = ask(question, policies);
        const after = ask(question, with_(policies, kind, [kind === "resource" ? { ...rest, Principal } : rest]));
        if (before.isAllowed) expect(after.isAllowed).toBe(true);
      }),
    );
  });

  it("is never given by one more Deny", () => {
    fc.assert(
      fc.property(all, fc.constantFrom(...kinds), statement(true), ([question, policies], kind, extra) => {
        fc.pre(policies[kind] !== undefined);
        const { Principal, ...rest } = { ...extra, Effect: "Deny" };
        const before = ask(question, policies);
        const after = ask(question, with_(policies, kind, [kind === "resource" ? { ...rest, Principal } : rest]));
        if (!before.isAllowed) expect(after.isAllowed).toBe(false);
      }),
    );
  });

  it("is never given by a session policy or a boundary", () => {
    fc.assert(
      fc.property(
        asked,
        given,
        statements(),
        fc.constantFrom("session" as const, "boundary" as const),
        (question, policies, extra, kind) => {
          if (!ask(question, policies).isAllowed)
            expect(ask(question, { ...policies, [kind]: extra }).isAllowed).toBe(false);
        },
      ),
    );
  });
});

describe("a pattern", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", ":", "/", "*", "?"), maxLength: 12 });
  const asRegex = (pattern: string): RegExp =>
    new RegExp(`^${pattern.replace(/[/:]/g, "\\$&").replaceAll("*", "[\\s\\S]*").replaceAll("?", "[\\s\\S]")}$`);

  it("fits what a regular expression of it fits", () => {
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        expect(fits(tokenize(pattern, undefined) ?? [], text)).toBe(asRegex(pattern).test(text));
      }),
    );
  });

  it("with a value put in for it fits just that value", () => {
    fc.assert(
      fc.property(letters, letters, (value, text) => {
        const tokens = tokenize("${aws:x}", new Map([["aws:x", [value]]])) ?? [];
        expect(fits(tokens, text)).toBe(value === text);
      }),
    );
  });

  // A search that goes back at every star would not end within the test's time.
  it("of many stars is answered", () => {
    const tokens = tokenize(`${"*a".repeat(200)}b`, undefined) ?? [];
    expect(fits(tokens, "a".repeat(2000))).toBe(false);
  });

  it("of an ARN fits the ARN itself, and every ARN where it is a star", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 4 }), { minLength: 3, maxLength: 3 }),
        ([service = "", region = "", name = ""]) => {
          const arn = `arn:aws:${service}:${region}::x/${name}:y`;
          expect(fitsArn(tokenize(arn, undefined) ?? [], arn)).toBe(true);
          expect(fitsArn(tokenize("*", undefined) ?? [], arn)).toBe(true);
          expect(fitsArn(tokenize(`arn:aws:${service}`, undefined) ?? [], arn)).toBe(true);
        },
      ),
    );
  });
});

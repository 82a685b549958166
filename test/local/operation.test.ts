/** The contract of operations: what every service has of its own comes from definitions and lists, and from nowhere else. */
import { readdirSync } from "node:fs";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { nameOperation } from "../../src/local/faults/name-operation.ts";
import type { Operation, OtherOperation, Wire } from "../../src/local/operation.ts";
import { operationLists } from "../../src/local/operation-lists.ts";
import { serviceTables } from "../../src/local/operation-tables.ts";
import type { SigningName, WireRequest } from "../../src/local/service.ts";

const src = new URL("../../src/local/", import.meta.url);
const members = ["act", "input", "name", "notes", "rights", "wire"];

const isOperation = (value: unknown): value is Operation =>
  typeof value === "object" && value !== null && Object.keys(value).toSorted().join() === members.join();

/** A request that the operation's own definition says is for it. */
function makeRequest(wire: Wire, name: string): WireRequest {
  const common = {
    query: "",
    headers: { host: "127.0.0.1" },
    requestId: "id",
    region: "us-east-1",
    caller: { accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/local", userId: "A", accessKeyId: "A" },
    body: Readable.from([]),
  };
  if (wire === "action") return { ...common, method: "POST", path: "/", query: `Action=${name}` };
  if (typeof wire === "string") {
    return { ...common, method: "POST", path: "/", headers: { ...common.headers, "x-amz-target": `Any.${name}` } };
  }
  const { method } = wire;
  if ("path" in wire) return { ...common, method, path: wire.path.replaceAll(/\{\w+\}/g, "label") };
  const path = { service: "/", bucket: "/bucket", object: "/bucket/key" }[wire.level];
  const headers = { ...common.headers, ...(wire.header !== undefined && { [wire.header]: "x" }) };
  return { ...common, method, path, headers, query: (wire.query ?? []).join("&") };
}

describe.each(operationLists)("the operations of $service", ({ service, signingName, operations, notBuilt }) => {
  const all: readonly OtherOperation[] = [...operations, ...notBuilt];

  it("have names of their own, and are served or not", () => {
    const names = all.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(names.filter((name) => !/^[A-Z][A-Za-z0-9]+$/.test(name))).toEqual([]);
    expect(operations.length).toBeGreaterThan(2);
  });

  it("are told apart on the wire, also those that are not built", async () => {
    const named = await Promise.all(
      all.map(async ({ name, wire }) => (await nameOperation(signingName, makeRequest(wire, name))).operation),
    );
    // The answer to a preflight is given before any service is asked.
    expect(named).toEqual(all.map(({ name }) => name));
  });

  it("name the IAM actions that their rights can ask for, in the form of policies", () => {
    const silent = operations.filter(({ rights }) => rights.actions.length === 0).map(({ name }) => name);
    // Everybody may ask who they are, and for a session of their own.
    expect(silent).toEqual(service === "STS" ? ["GetCallerIdentity", "GetSessionToken"] : []);
    const prefixes = { monitoring: "cloudwatch", kms: "kms", iam: "iam", s3: "s3", sts: "sts" } as const;
    const own: Partial<Record<SigningName, string>> = {
      ...prefixes,
      bedrock: "bedrock",
      servicequotas: "servicequotas",
    };
    const strange = operations
      .flatMap(({ rights }) => rights.actions)
      .filter((action) => !action.startsWith(`${own[signingName]}:`) && action !== "iam:PassRole");
    expect(strange).toEqual([]);
    for (const { rights } of operations) {
      if (rights.anonymous !== undefined) expect(rights.actions).toContain(rights.anonymous.action);
    }
  });

  it("have a row each in the docs, which says what is served", () => {
    const table = serviceTables.find((each) => each.service === service);
    expect(table?.operations.map(({ name }) => name)).toEqual(operations.map(({ name }) => name));
    expect(table?.operations.filter(({ served }) => served === "")).toEqual([]);
    expect(table?.notBuilt).toEqual(notBuilt.map(({ name }) => name));
  });
});

it("every file of operations/ defines operations, each of them in its service's list, and each list is made of nothing else", async () => {
  const folders = readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /^[^/]+\/operations$/.test(path))
    .toSorted();
  expect(folders).toHaveLength(operationLists.length);
  const defined = new Set<unknown>();
  for (const folder of folders) {
    for (const file of readdirSync(fileURLToPath(new URL(`${folder}/`, src)))) {
      const exported: unknown[] = Object.values((await import(new URL(`${folder}/${file}`, src).href)) as object);
      const found = exported.filter(isOperation);
      expect(found, `${folder}/${file} defines no operation`).not.toEqual([]);
      for (const each of found) defined.add(each);
    }
  }
  const listed = new Set<unknown>(operationLists.flatMap(({ operations }) => operations));
  expect([...defined].filter((each) => !listed.has(each))).toEqual([]);
  expect([...listed].filter((each) => !defined.has(each))).toEqual([]);
});

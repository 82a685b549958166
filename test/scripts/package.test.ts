import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8"));
const manifest = read("package.json") as Package;
const isOfSdk = (name: string): boolean => /^@aws-sdk\/(client-|lib-|s3-request-presigner)/.test(name);

describe("package.json", () => {
  it("has one range for all clients of the AWS SDK, which leaves room for those that a program has", () => {
    const all = { ...manifest.devDependencies, ...manifest.dependencies };
    const names = Object.keys(all).filter(isOfSdk);
    expect(names.length).toBeGreaterThan(8);
    const ranges = [...new Set(names.map((name) => all[name] ?? ""))];
    expect(ranges).toHaveLength(1);
    expect(ranges[0]).toMatch(/^\^3\.\d+\.0$/);
  });

  it("installs each client once", () => {
    const { packages } = read("package-lock.json") as { packages: Readonly<Record<string, unknown>> };
    const clients = Object.keys(packages).filter((path) => isOfSdk(path.slice(path.lastIndexOf("node_modules/") + 13)));
    expect(clients.filter((path) => path.split("node_modules/").length > 2)).toEqual([]);
  });

  it("builds before it is packed", () => {
    expect(manifest.scripts["prepack"]).toBe(manifest.scripts["build"]);
  });
});

import { describe, expect, it } from "vitest";
import { findPageProblem, parseOrigins } from "../../src/local/web-pages.ts";

const allowed = parseOrigins(["http://localhost:3000", "https://tool.example/", "http://my.machine.example:4566"]);
const host = "127.0.0.1:4566";

describe("a request is a client's", () => {
  it.each<[string, Record<string, string>]>([
    ["an address", { host }],
    ["an IPv6 address", { host: "[::1]:4566" }],
    ["localhost", { host: "localhost:4566" }],
    ["a name without a dot, as containers have", { host: "halfprice:4566" }],
    ["a bucket in the host", { host: "bucket.localhost:4566" }],
    ["a name of AWS", { host: "bucket.s3.eu-west-1.amazonaws.com" }],
    ["a name for private use, as containers have for their machine", { host: "host.docker.internal:4566" }],
    ["no host", {}],
    ["an address that a person wrote into a browser", { host, "sec-fetch-site": "none" }],
    ["a page of the service's own", { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" }],
    ["a page that is allowed", { host, origin: "http://localhost:3000", "sec-fetch-site": "same-site" }],
    ["one of another protocol", { host, origin: "https://tool.example", "sec-fetch-site": "cross-site" }],
    ["a name that is allowed", { host: "my.machine.example:4566" }],
  ])("with %s", (_name, headers) => expect(findPageProblem(headers, allowed)).toBe(undefined));
});

describe("a request is a web page's, and refused,", () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ["a name of the public DNS", { host: "rebound.example:4566" }, /is not rebound\.example:4566/],
    ["one that ends like localhost", { host: "evillocalhost.example" }, /evillocalhost/],
    ["one that ends like a private one", { host: "evilinternal.example:4566" }, /evilinternal/],
    ["one that begins like an address", { host: "127.0.0.1.nip.example" }, /127\.0\.0\.1\.nip/],
    ["another origin", { host, origin: "http://evil.example" }, /Origin: http:\/\/evil\.example.*--allow-origin/],
    ["a file or a sandbox", { host, origin: "null" }, /Origin: null/],
    ["another port of the same machine", { host, origin: "http://127.0.0.1:3000" }, /127\.0\.0\.1:3000/],
    ["a page without an origin", { host, "sec-fetch-site": "cross-site" }, /Sec-Fetch-Site: cross-site/],
    ["another port, without an origin", { host, "sec-fetch-site": "same-site" }, /same-site/],
  ])("with %s", (_name, headers, words) => expect(findPageProblem(headers, allowed)).toMatch(words));
});

describe("an origin to allow", () => {
  it.each(["evil.example", "http://a.example/path", "ftp://a.example", "http://*.example", "*", ""])(
    "is not %j",
    (text) => expect(() => parseOrigins([text])).toThrow(RangeError),
  );
});

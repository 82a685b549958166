import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Node's own modules that speak to others, each loaded when it is first used. An import of `node:http` in a file's head loads Node's
 * `fetch` with it from version 22 on: that takes longer than an empty process.
 */
export const nodeNetwork = {
  get http() {
    return require("node:http") as typeof import("node:http");
  },
  get https() {
    return require("node:https") as typeof import("node:https");
  },
  get tls() {
    return require("node:tls") as typeof import("node:tls");
  },
} as const;

#!/usr/bin/env node
/**
 * The command's first file: it is read by every Node, and says which one is needed before anything is loaded that an older one cannot
 * read. package.json says the same version under `engines`.
 */
const needed = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `error OLD_NODE\n  halfprice needs Node ${needed.join(".")} or newer; this is ${process.versions.node}.\n  fix   install a newer one from https://nodejs.org, or with a version manager: nvm install 22\n`,
  );
  process.exit(2);
}
await import("./main.ts");

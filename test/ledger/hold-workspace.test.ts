import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { holdWorkspace } from "../../src/ledger/hold-workspace.ts";
import { makeFolder } from "../support/folder.ts";
import { killAt } from "../support/kill-points.ts";

const built = fileURLToPath(new URL("../../build/ledger/hold-workspace.js", import.meta.url));

it("a workspace is held once, the second one is told who has it, and it is free again after the release", () => {
  const folder = makeFolder();
  const first = holdWorkspace(folder, "serve");
  if (!("release" in first)) throw new Error("it was free");
  first.setUrl("http://127.0.0.1:1");
  expect(holdWorkspace(folder, "serve")).toMatchObject({ holder: { pid: process.pid, url: "http://127.0.0.1:1" } });
  expect(holdWorkspace(folder, "other")).toHaveProperty("release");
  first.release();
  const second = holdWorkspace(folder, "serve");
  expect(second).toHaveProperty("release");
  if ("release" in second) second.release();
});

it("a hold that cannot be described is none: the next one has it", async () => {
  const folder = makeFolder();
  await killAt(0, async () => holdWorkspace(folder, "serve"));
  const hold = holdWorkspace(folder, "serve");
  expect(hold).toHaveProperty("release");
  if ("release" in hold) hold.release();
});

it("a process keeps its hold though nothing refers to it, and leaves none behind when it is killed", async () => {
  const folder = join(makeFolder(), "w");
  const script = `import(${JSON.stringify(built)}).then(({ holdWorkspace }) => { holdWorkspace(${JSON.stringify(folder)}, "serve"); gc(); setImmediate(() => { gc(); console.log("held"); }); setInterval(() => {}, 1000); })`;
  const child = spawn(process.execPath, ["--expose-gc", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  expect(holdWorkspace(folder, "serve")).toMatchObject({ holder: { pid: child.pid } });
  child.kill("SIGKILL");
  await once(child, "exit");
  const hold = holdWorkspace(folder, "serve");
  expect(hold).toHaveProperty("release");
  if ("release" in hold) hold.release();
});

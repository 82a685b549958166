import { mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ShardRow } from "../../../src/ledger/shards.ts";
import { renewPlace } from "../../../src/run/start-and-resume/renew-place.ts";
import { readRunFile, runPaths, writeRunFile } from "../../../src/workspace/run-folder.ts";
import { makeFolder } from "../../support/folder.ts";
import { makeRunFile } from "../../support/run-files.ts";

const place = { bucket: "b", prefix: "p/", roleArn: "arn:aws:iam::123456789012:role/Wrong" };
const settings = { roleArn: "arn:aws:iam::123456789012:role/Right", kmsKey: "alias/mine" };

function makeRun() {
  const paths = runPaths(makeFolder(), "20261121-090000-aaaaa");
  mkdirSync(paths.directory, { recursive: true });
  writeRunFile(paths, makeRunFile({ id: "20261121-090000-aaaaa", place }));
  return paths;
}
const shard = (jobArn: string | undefined) => ({ attempt: { jobArn } }) as ShardRow;

describe("a run that is taken up", () => {
  it("without a job takes role and key as they are set now, and keeps them", () => {
    const paths = makeRun();
    const renewed = { ...place, ...settings };
    expect(renewPlace(paths, settings, [shard(undefined)]).place).toEqual(renewed);
    expect(readRunFile(paths).place).toEqual(renewed);
    expect(renewPlace(paths, { roleArn: undefined }, [shard(undefined)]).place).toEqual(renewed);
  });

  it("with a job stays where it is", () => {
    const paths = makeRun();
    expect(renewPlace(paths, settings, [shard(undefined), shard("arn:…")]).place).toEqual(place);
    expect(readRunFile(paths).place).toEqual(place);
  });
});

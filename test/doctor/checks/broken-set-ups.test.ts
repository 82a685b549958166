import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bendNext, brokenSetUps } from "./broken-set-ups.ts";
import { build, change, failures, fix, look, makeSound, openWorld, tryJob, type World } from "./set-ups.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.service.close());

describe("a sound set-up", () => {
  it("passes every check, and its job completes", async () => {
    const built = await build(world, makeSound(world));
    expect(await tryJob(built)).toBe("Completed");
    const found = await look(built);
    expect(failures(found)).toEqual([]);
    expect(found.results.filter(({ status }) => status === "skipped")).toEqual([]);
  });
});

describe("of a set-up that is broken in one thing, doctor names that thing alone, and its fix makes the job complete:", () => {
  it("there are at least sixty", () => {
    expect(brokenSetUps.length).toBeGreaterThanOrEqual(60);
    expect(new Set(brokenSetUps.map(({ name }) => name)).size).toBe(brokenSetUps.length);
  });

  it.each(brokenSetUps.map((each) => [each.name, each] as const))("%s", async (_name, each) => {
    const { sound, broken } = bendNext(world, each);
    let built = await build(world, broken);
    if (each.check !== "model-name") expect(await tryJob(built)).not.toBe("Completed");

    const found = await look(built);
    const failed = failures(found);
    expect(failed.map(({ check }) => check).sort()).toEqual(each.check.split(" ").sort());
    expect(failed.map(({ finding }) => finding).join("\n")).toMatch(each.words);
    for (const { fix: words = "" } of failed) expect(words.length).toBeGreaterThan(10);

    if (each.mend === "fix") expect(await fix(built, found)).toBeGreaterThan(0);
    else if (each.mend === "rebuild") built = await build(world, makeSound(world));
    else await change(built, { ...built.setUp, ...each.mend(built, sound) });
    expect(failures(await look(built))).toEqual([]);
    expect(await tryJob(built)).toBe("Completed");
  });
});

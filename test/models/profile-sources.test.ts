import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeRolePolicy } from "../../src/access/policies.ts";
import { HalfpriceError } from "../../src/foundation/errors/index.ts";
import type { ModelChoice } from "../../src/foundation/types/index.ts";
import { findInvokeProblem, findReference } from "../../src/local/models/answers/reference.ts";
import { findModel, catalogue as localCatalogue } from "../../src/local/models/catalogue.ts";
import { listInvokeRights } from "../../src/local/models/invoke-rights.ts";
import { canCall } from "../../src/models/call-profiles.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import type { ProfilePrefix } from "../../src/models/catalogue-model.ts";
import { listModels } from "../../src/models/list-models.ts";
import { parseModel, profilePrefixes } from "../../src/models/parse-model.ts";
import { type ModelRequest, resolveModel } from "../../src/models/resolve-model.ts";
import { findFailure } from "../support/failure.ts";

const nowMs = Date.parse("2026-11-30T12:00:00Z");
const accountId = "123456789012";

const resolve = (model: string, region: string, more: Partial<ModelRequest> = {}): ModelChoice =>
  resolveModel({ model, region, nowMs, ...more });

/** Every region that any table names, and some that none does. */
const regions = [
  ...new Set(
    catalogue
      .flatMap(({ regions: own, profileRegions, profiles }) => [own, profileRegions, Object.values(profiles)])
      .flat(3),
  ),
  ...["cn-north-1", "eusc-de-east-1", "ap-east-1", "us-iso-east-1"],
].sort();

const sonnet45 = "anthropic.claude-sonnet-4-5-20250929-v1:0";

describe("where only the global profile can be called", () => {
  const rows: readonly (readonly [alias: string, id: string, ...regions: string[]])[] = [
    ["claude-opus-5", "anthropic.claude-opus-5", "ap-northeast-1", "ap-northeast-3", "ap-southeast-6"],
    ["claude-opus-5", "anthropic.claude-opus-5", "il-central-1", "mx-central-1"],
    ["claude-opus-4.6", "anthropic.claude-opus-4-6-v1", "ap-northeast-1", "ap-northeast-3"],
    ["claude-opus-4.6", "anthropic.claude-opus-4-6-v1", "il-central-1", "mx-central-1"],
    ["claude-sonnet-4.6", "anthropic.claude-sonnet-4-6", "il-central-1", "mx-central-1"],
    ["claude-sonnet-4.5", sonnet45, "mx-central-1", "ca-west-1"],
    ["nova-2-lite", "amazon.nova-2-lite-v1:0", "eu-west-2", "il-central-1", "ap-south-1"],
    ["claude-haiku-4.5", "anthropic.claude-haiku-4-5-20251001-v1:0", "sa-east-1", "ap-northeast-2"],
  ];
  const pairs = rows.flatMap(([alias, id, ...all]) => all.map((region) => [alias, region, id] as const));

  it.each(pairs)("planning %s in %s stops, and says what there is and what permits it", async (alias, region, id) => {
    const error = await findFailure(() => resolve(alias, region));
    expect(error).toMatchObject({ code: "GLOBAL_ONLY", exitCode: 2 });
    expect(error.message).toContain(`global.${id} only`);
    expect(error.message).toContain(region);
    expect(error.fix).toContain("--allow-global");
    expect(error.fix).toContain(`--model global.${id}`);
    expect((await findFailure(() => resolve(id, region))).code).toBe("GLOBAL_ONLY");
  });

  it.each(pairs)("%s in %s goes through it where that is permitted, or where it is named", (alias, region, id) => {
    const allowed = resolve(alias, region, { isGlobalAllowed: true });
    expect(allowed).toMatchObject({ invokeId: `global.${id}`, route: "global" });
    const arn = `arn:aws:bedrock:${region}:${accountId}:inference-profile/global.${id}`;
    for (const named of [`global.${id}`, arn]) {
      expect(resolve(named, region)).toMatchObject({ invokeId: named, route: "global", reason: "as it was given" });
      expect(resolve(named, region).warnings).toBeUndefined();
    }
  });

  it("the permission changes nothing where there is another way", () => {
    const permitted = { isGlobalAllowed: true };
    expect(resolve("claude-haiku-4.5", "us-east-1", permitted).route).toBe("geo");
    expect(resolve("nova-lite", "me-central-1", permitted).route).toBe("region");
  });

  it("the list of models says so, and still has the id", () => {
    const find = (region: string) => listModels({ region, nowMs }).find(({ alias }) => alias === "claude-opus-5");
    expect(find("ap-northeast-1")).toMatchObject({
      ...{ isHere: true, isGlobalOnly: true, invokeId: "global.anthropic.claude-opus-5" },
    });
    expect(find("us-east-1")?.isGlobalOnly).toBeUndefined();
  });
});

describe("a region's own way", () => {
  it.each([
    ["nova-lite", "ca-central-1", "ca.amazon.nova-lite-v1:0", "geo"],
    ["nova-lite", "ca-west-1", "ca.amazon.nova-lite-v1:0", "geo"],
    ["ca.amazon.nova-lite-v1:0", "ca-central-1", "ca.amazon.nova-lite-v1:0", "geo"],
    ["nova-lite", "me-central-1", "amazon.nova-lite-v1:0", "region"],
    ["nova-pro", "me-central-1", "amazon.nova-pro-v1:0", "region"],
    ["nova-pro", "ap-southeast-3", "amazon.nova-pro-v1:0", "region"],
    ["nova-lite", "il-central-1", "eu.amazon.nova-lite-v1:0", "geo"],
    ["claude-sonnet-4.6", "ca-west-1", "us.anthropic.claude-sonnet-4-6", "geo"],
    ["claude-opus-4.6", "ap-southeast-2", "au.anthropic.claude-opus-4-6-v1", "geo"],
    ["claude-opus-4.6", "eu-west-2", "eu.anthropic.claude-opus-4-6-v1", "geo"],
    ["claude-sonnet-4.5", "us-gov-west-1", `us-gov.${sonnet45}`, "geo"],
    ["claude-sonnet-4.5", "ap-northeast-3", `jp.${sonnet45}`, "geo"],
    ["llama-3.1-405b", "us-west-2", "meta.llama3-1-405b-instruct-v1:0", "region"],
  ])("%s in %s is %s", (model, region, invokeId, route) => {
    expect(resolve(model, region)).toMatchObject({ invokeId, route });
  });

  it.each([
    ...["me-central-1", "ap-east-2", "ap-southeast-3", "ap-southeast-5", "ap-southeast-7"].map(
      (region) => ["nova-micro", region] as const,
    ),
    ...["ap-east-2", "ap-southeast-5", "ap-southeast-7"].map((region) => ["nova-pro", region] as const),
    ...["ap-east-2", "ap-southeast-3", "ap-southeast-4"].map((region) => ["nova-lite", region] as const),
  ])(
    "of %s in %s is not known where AWS's pages disagree: nothing is chosen, and the account is asked",
    async (model, region) => {
      const error = await findFailure(() => resolve(model, region, { isGlobalAllowed: true }));
      expect(error).toMatchObject({ code: "NO_PROFILE", exitCode: 2 });
      expect(error.message).toMatch(/AWS's pages disagree/);
      expect(error.fix).toContain(`halfprice models --refresh --region ${region}`);
    },
  );

  it("asked on demand, a model without batch goes by its card as well", async () => {
    const onDemand = { isOnDemandAllowed: true };
    expect(resolve("claude-opus-4.8", "ap-northeast-1", onDemand).invokeId).toBe("jp.anthropic.claude-opus-4-8");
    expect(resolve("claude-haiku-5.5", "us-gov-east-1", onDemand).invokeId).toBe("us-gov.anthropic.claude-haiku-5-5");
    expect((await findFailure(() => resolve("claude-fable-5", "eu-west-1", onDemand))).code).toBe("GLOBAL_ONLY");
    const none = await findFailure(() => resolve("claude-opus-4.1", "eu-west-1", onDemand));
    expect(none).toMatchObject({ code: "NO_PROFILE", message: expect.stringContaining("us-east-1") });
    expect((await findFailure(() => resolve("claude-haiku-5.5", "us-east-1"))).code).toBe("NO_BATCH");
  });

  it.each(["us-gov-east-1", "us-gov-west-1"])(
    "in %s the Claude models of 2026 are asked through a profile, and not in batch",
    async (region) => {
      for (const alias of ["claude-opus-5", "claude-opus-5.5", "claude-sonnet-5.5", "claude-haiku-5.5"]) {
        expect((await findFailure(() => resolve(alias, region))).code, alias).toBe("NO_BATCH");
        if (alias === "claude-opus-5") continue;
        const { invokeId } = resolve(alias, region, { isOnDemandAllowed: true });
        expect(invokeId).toMatch(/^us-gov\.anthropic\./);
      }
      const named = resolve("us-gov.anthropic.claude-opus-5", region, { isOnDemandAsked: true });
      expect(named).toMatchObject({ route: "geo", reason: "as it was given" });
    },
  );

  it("of a model that is not listed for batch is that of its card, and a region that the card lacks is refused", async () => {
    expect(resolve("glm-5", "ap-southeast-4")).toMatchObject({ invokeId: "zai.glm-5", route: "region" });
    expect(resolve("nemotron-3-super", "us-gov-east-1").invokeId).toBe("us-gov.nvidia.nemotron-super-3-120b");
    expect(resolve("nemotron-3-super", "us-east-1").invokeId).toBe("nvidia.nemotron-super-3-120b");
    const error = await findFailure(() => resolve("glm-5", "eu-central-1"));
    expect(error).toMatchObject({
      code: "NO_BATCH",
      message: expect.stringContaining("its card has it in eu-north-1"),
    });
  });

  it("has just the prefixes that AWS has used", () => {
    const seen = ["us", "eu", "apac", "au", "jp", "in", "ca", "us-gov", "global"];
    expect([...profilePrefixes].sort()).toEqual(seen.sort());
  });

  it("a prefix is a part of an id for every prefix that there is", () => {
    for (const prefix of profilePrefixes) {
      expect(parseModel(`${prefix}.amazon.nova-lite-v1:0`)).toMatchObject({ prefix, baseId: "amazon.nova-lite-v1:0" });
    }
  });
});

/** What comes of a model in a region: the choice, or the code of the refusal. */
function settle(model: string, region: string, more: Partial<ModelRequest>): ModelChoice | string {
  try {
    return resolve(model, region, more);
  } catch (error) {
    if (error instanceof HalfpriceError) return error.code;
    throw error;
  }
}

describe("every model in every region", () => {
  const refusals = ["NO_BATCH", "NO_PROFILE", "GLOBAL_ONLY"];

  it("never goes through a profile that cannot be called there, and never globally without permission", () => {
    let checked = 0;
    for (const model of catalogue) {
      for (const region of regions) {
        for (const isGlobalAllowed of [false, true]) {
          for (const isOnDemandAllowed of [false, true]) {
            const found = settle(model.alias, region, { isGlobalAllowed, isOnDemandAllowed });
            const where = `${model.alias} ${region}`;
            if (typeof found === "string") {
              expect(refusals, where).toContain(found);
              continue;
            }
            const { prefix } = parseModel(found.invokeId);
            if (prefix !== undefined) expect(canCall(model, prefix, region), where).toBe(true);
            if (prefix === undefined && found.route === "region") expect(model.regions, where).toContain(region);
            if (!isGlobalAllowed) expect(found.route, where).not.toBe("global");
            if (found.global !== undefined) expect(canCall(model, "global", region), where).toBe(true);
            checked += 1;
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(2000);
  });

  it("goes through what the account lists, whatever that is", () => {
    const batch = catalogue.filter(({ batch, endOfLife }) => batch === "yes" && endOfLife === undefined);
    fc.assert(
      fc.property(
        fc.constantFrom(...batch),
        fc.constantFrom(...regions),
        fc.uniqueArray(fc.constantFrom(...profilePrefixes), { minLength: 1 }),
        (model, region, listed: readonly ProfilePrefix[]) => {
          const profiles = listed.map((prefix) => `${prefix}.${model.id}`);
          const reading = { readAt: "2026-11-30", models: {}, profiles };
          const found = settle(model.alias, region, { reading });
          if (typeof found === "string") return refusals.includes(found);
          return found.route === "region"
            ? !model.profileRegions.includes(region) || listed.every((each) => each === "global")
            : profiles.includes(found.invokeId);
        },
      ),
    );
  });
});

describe("the local service", () => {
  it("has the same profiles of the same models, called from the same regions", () => {
    for (const { id, profiles } of catalogue) {
      const other = findModel(id);
      if (other === undefined) {
        expect(profiles, id).toEqual({});
        continue;
      }
      const sorted = (from: Readonly<Partial<Record<string, readonly string[]>>>) =>
        Object.fromEntries(Object.entries(from).map(([prefix, sources = []]) => [prefix, [...sources].sort()]));
      expect(sorted(other.profiles), id).toEqual(sorted(profiles));
    }
    const known = new Set(catalogue.map(({ id }) => id));
    for (const { id, profiles } of localCatalogue)
      if (Object.keys(profiles).length > 0) expect(known, id).toContain(id);
  });

  it("answers what the plan chose, and the role's policy has a right to all of it", () => {
    let checked = 0;
    for (const { alias, id, batch } of catalogue) {
      if (batch !== "yes" || findModel(id)?.batch !== true) continue;
      for (const region of regions) {
        const found = settle(alias, region, { isGlobalAllowed: true });
        if (typeof found === "string") continue;
        const reference = findReference(found.invokeId, region, accountId);
        expect(findInvokeProblem(reference, region), `${alias} ${region}`).toBeUndefined();
        if (reference === undefined) continue;
        const roleArn = `arn:aws:iam::${accountId}:role/BatchRole`;
        const policy = makeRolePolicy({ accountId, region, bucket: "b", prefix: "p/", roleArn, model: found });
        const resources = policy.Statement.filter(({ Sid }) => Sid === "InvokeTheModel").flatMap(({ Resource }) =>
          [Resource ?? []].flat(),
        );
        const patterns = resources.map(
          (each) => new RegExp(`^${each.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`),
        );
        for (const { resource } of listInvokeRights(reference, region)) {
          // The local service writes every ARN in the partition `aws`.
          const arn = region.startsWith("us-gov-") ? resource.replace("arn:aws:", "arn:aws-us-gov:") : resource;
          expect(
            patterns.some((pattern) => pattern.test(arn)),
            `${alias} ${region} ${arn}`,
          ).toBe(true);
        }
        const others = profilePrefixes.filter((prefix) => `${prefix}.${id}` !== found.invokeId);
        for (const prefix of others) {
          const arn = `arn:aws:bedrock:${region}:${accountId}:inference-profile/${prefix}.${id}`;
          expect(
            patterns.some((pattern) => pattern.test(arn)),
            arn,
          ).toBe(false);
        }
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(400);
  });
});

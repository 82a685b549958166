import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../../src/foundation/options/run-options.ts";
import { planRun } from "../../../src/run/plan/plan-run.ts";
import { readRequest } from "../../../src/run/plan/read-request.ts";
import { refreshModels } from "../../../src/run/plan/refresh-models.ts";
import { findReading, readingsPath } from "../../../src/workspace/model-readings.ts";
import { makeSession, type Session } from "../../../src/workspace/session.ts";
import { makeProduct, oddRows, otherRows, tokenRows } from "../../models/price-list-rows.ts";
import { findFailure } from "../../support/failure.ts";
import { openLocalRun, writeTexts } from "../../support/local-run.ts";
import { openPriceList, type PriceListServer } from "../../support/price-list-server.ts";
import { runCli } from "../../support/run-cli.ts";

const nowMs = Date.parse("2026-11-22T12:00:00Z");
const here = { kind: "local", region: "us-east-1" } as const;

interface Refreshing {
  readonly folder: string;
  readonly session: Session;
  readonly prices: PriceListServer;
}

/** A session whose every service is behind one address: the Price List's own, and the local service's. */
async function open(rows: readonly string[]): Promise<Refreshing> {
  const { folder, server, session } = await openLocalRun();
  const prices = await openPriceList(server.url);
  prices.rows = rows;
  const config = { ...session.config, endpointUrl: prices.url };
  const connection = { ...session.connection, endpointUrl: prices.url };
  return { folder, prices, session: makeSession(config, { connection, nowMs: () => nowMs }) };
}

const allRows = [...tokenRows, ...otherRows, ...oddRows.map(([, row]) => row)].map(makeProduct);

describe("a refresh of the models", () => {
  it("reads every page of both offers of the region, signed for a region that has the Price List", async () => {
    const { session, prices } = await open(allRows);
    const refreshed = await refreshModels(session);
    expect(refreshed).toMatchObject({
      region: "us-east-1",
      readAt: "2026-11-22",
      rowCount: allRows.length,
      pricedModelCount: 6,
    });
    expect(refreshed.unmatched).toHaveLength(oddRows.length);
    expect(refreshed.otherCount).toBe(otherRows.length);
    expect(new Set(prices.calls.map(({ ServiceCode }) => ServiceCode))).toEqual(
      new Set(["AmazonBedrock", "AmazonBedrockFoundationModels"]),
    );
    expect(prices.calls.length).toBeGreaterThan(4);
    for (const call of prices.calls) {
      expect(call).toMatchObject({
        Filters: [{ Type: "TERM_MATCH", Field: "regionCode", Value: "us-east-1" }],
        FormatVersion: "aws_v1",
        MaxResults: 100,
        signedFor: "us-east-1",
      });
    }
  });

  it("says what changed, once: the same reading again changes nothing", async () => {
    const { session } = await open(allRows);
    const { changes } = await refreshModels(session);
    expect(changes).toContainEqual({
      alias: "claude-haiku-4.5",
      what: "batch price",
      route: "geo",
      before: { inputUsd: 0.55, outputUsd: 2.75 },
      after: { inputUsd: 0.6, outputUsd: 3 },
    });
    expect(changes).toContainEqual(
      // The catalogue has an upper bound of it.
      expect.objectContaining({
        alias: "titan-embed-text-v2",
        what: "batch price",
        after: expect.anything() as unknown,
      }),
    );
    // The list says of these what the catalogue says.
    expect(changes.some((change) => change.alias === "claude-opus-5" && "route" in change)).toBe(false);
    expect((await refreshModels(session)).changes).toEqual([]);
  });

  it("keeps what it read in the workspace, and the plan of a run goes by it", async () => {
    const { session, folder } = await open(allRows);
    const request = await readRequest(
      { first: writeTexts(folder, 120), prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" },
      parseRunOptions({}, "test"),
    );
    expect((await planRun(session, request)).plan.model.prices?.asOf).toBe("2026-07-24");
    await refreshModels(session);
    const file = JSON.parse(readFileSync(readingsPath(session.config.workspace), "utf8")) as object;
    expect(file).toMatchObject({ version: 1, aws: {}, local: { "us-east-1": { readAt: "2026-11-22" } } });
    expect(existsSync(`${readingsPath(session.config.workspace)}.tmp`)).toBe(false);
    const { plan } = await planRun(session, request);
    expect(plan.model.prices).toEqual({
      batch: { inputUsd: 0.6, outputUsd: 3 },
      // What the list does not say of cached tokens follows from the input price.
      onDemand: { inputUsd: 1.2, outputUsd: 6, cacheReadUsd: 0.12, cacheWriteUsd: 1.5 },
      asOf: "2026-11-22",
      source: "Price List API",
    });
    expect(plan.batchUsd?.expected).toBeGreaterThan(0);
    expect(plan.model.global?.prices).toMatchObject({ batch: { inputUsd: 0.5, outputUsd: 2.5 }, asOf: "2026-11-22" });
  });

  it("on the local service serves nothing on AWS, and another region nothing here", async () => {
    const { session } = await open(allRows);
    await refreshModels(session);
    const { workspace } = session.config;
    expect(findReading(workspace, here)?.readAt).toBe("2026-11-22");
    expect(findReading(workspace, { ...here, kind: "aws" })).toBeUndefined();
    expect(findReading(workspace, { ...here, region: "eu-central-1" })).toBeUndefined();
  });

  it("keeps nothing where a call is refused, and says which", async () => {
    const { session, prices } = await open(allRows);
    prices.error = { type: "AccessDeniedException", message: "User is not authorized to perform: pricing:GetProducts" };
    const error = await findFailure(() => refreshModels(session));
    expect(error).toMatchObject({ code: "SERVICE_REFUSED", details: { operation: "GetProducts", status: 400 } });
    expect(findReading(session.config.workspace, here)).toBeUndefined();
  });

  it("on the local service alone has its models and profiles, and no prices", async () => {
    const { session } = await openLocalRun();
    const refreshed = await refreshModels(session);
    expect(refreshed.rowCount).toBeUndefined();
    expect(refreshed.listedModelCount).toBeGreaterThan(20);
    expect(refreshed.profileCount).toBeGreaterThan(10);
    const reading = findReading(session.config.workspace, here);
    expect(reading?.models["amazon.nova-lite-v1:0"]?.status).toBe("ACTIVE");
    expect(reading?.prices).toBeUndefined();
  });

  it.each(["{", "{}", '{"version":1,"local":{"us-east-1":{"readAt":"soon"}}}'])(
    "refuses a file of readings that is not whole: %s",
    async (text) => {
      const { session } = await openLocalRun();
      const path = readingsPath(session.config.workspace);
      await refreshModels(session);
      writeFileSync(path, text);
      expect(await findFailure(() => findReading(session.config.workspace, here))).toMatchObject({
        code: "UNREADABLE_FILE",
        fix: expect.stringMatching(/halfprice models --refresh/),
        details: { path },
      });
    },
  );
});

describe("halfprice models --refresh", () => {
  it("prints what changed, the counts and what could not be matched; the list then has the new prices", async () => {
    const { prices, folder } = await open(allRows);
    const args = ["--region", "us-east-1", "--endpoint-url", prices.url];
    const env = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
    const { code, stdout, stderr } = await runCli(["models", "--refresh", ...args], folder, env);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/claude-haiku-4\.5 +batch price, geo +0\.55 \/ 2\.75 +0\.6 \/ 3/);
    expect(stdout).toMatch(new RegExp(`${allRows.length} rows of the Price List · prices of 6 models`));
    expect(stdout).toMatch(new RegExp(`· ${oddRows.length} not matched`));
    expect(stdout).toMatch(/Claude Haiku 9.*not a model of the catalogue/);
    const listed = JSON.parse((await runCli(["models", ...args, "--json"], folder)).stdout) as { alias: string }[];
    expect(listed.find(({ alias }) => alias === "claude-haiku-4.5")).toMatchObject({
      prices: { batch: { inputUsd: 0.6, outputUsd: 3 }, source: "Price List API" },
    });
    // Without the endpoint it is AWS's models that are asked for.
    const aws = JSON.parse((await runCli(["models", "--json"], folder)).stdout) as { alias: string }[];
    expect(aws.find(({ alias }) => alias === "claude-haiku-4.5")).toMatchObject({ prices: { asOf: "2026-07-24" } });
  });

  it("without credentials is an error of four lines", async () => {
    const { prices, folder } = await open(allRows);
    const { code, stdout, stderr } = await runCli(
      ["models", "--refresh", "--region", "us-east-1", "--endpoint-url", prices.url, "--quiet"],
      folder,
    );
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    const lines = stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe("error NO_CREDENTIALS");
    expect(existsSync(join(folder, ".halfprice", "models.json"))).toBe(false);
  });
});

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { limits } from "../foundation/limits.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { BelowMinimum, TokenPrice, VpcPlace } from "../foundation/types/index.ts";
import { parsePrice, parseTags, parseTimezone } from "./run-option-values.ts";

/** What a person may say about where and how to run; anything may be missing or wrong. */
export interface ConfigInput {
  readonly workspace?: unknown;
  readonly region?: unknown;
  readonly profile?: unknown;
  readonly endpointUrl?: unknown;
  readonly bucket?: unknown;
  readonly prefix?: unknown;
  readonly role?: unknown;
  readonly kmsKey?: unknown;
  /** With commas between, or a list. */
  readonly vpcSubnets?: unknown;
  readonly vpcSecurityGroups?: unknown;
}

/** Where a run is to happen. */
export interface Config {
  /** Absolute. */
  readonly workspace: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly bucket: string | undefined;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
  readonly roleArn: string | undefined;
  /** The key of input and output: its ARN, its id, or an alias. S3's own where left out. */
  readonly kmsKey?: string | undefined;
  readonly vpc?: VpcPlace | undefined;
}

interface Setting {
  readonly variable?: string;
  readonly accepts: RegExp;
  readonly wants: string;
}

/** Patterns of the service: CreateModelInvocationJob, read 2026-11-21; S3's naming rules. */
const settings: Readonly<Record<keyof ConfigInput, Setting>> = {
  workspace: { variable: "HALFPRICE_WORKSPACE", accepts: /./, wants: "a folder" },
  region: { accepts: /^[a-z]{2,3}(-[a-z]+)+-\d$/, wants: "a region such as us-east-1" },
  profile: { accepts: /./, wants: "a profile of your AWS configuration" },
  endpointUrl: { accepts: /^https?:\/\/[^/]+/, wants: "a URL such as http://127.0.0.1:4566" },
  bucket: {
    variable: "HALFPRICE_BUCKET",
    accepts: /^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/,
    wants: "a bucket's name: 3 to 63 lower-case letters, digits, hyphens and dots, without s3://",
  },
  prefix: {
    variable: "HALFPRICE_PREFIX",
    accepts: /^(?:[-!_*'().a-z0-9A-Z]+(?:\/[-!_*'().a-z0-9A-Z]+)*)?\/?$/,
    wants: "letters, digits and -!_*'(). with single slashes: Bedrock takes no =, +, space or // in an S3 URI",
  },
  role: {
    variable: "HALFPRICE_ROLE_ARN",
    accepts: /^arn:aws(-[^:]+)?:iam::[0-9]{12}:role\/.+$/,
    wants: "the ARN of a role: arn:aws:iam::123456789012:role/Name",
  },
  kmsKey: {
    variable: "HALFPRICE_KMS_KEY",
    accepts:
      /^arn:aws(?:-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:(?:key\/[a-zA-Z0-9-]{36}|alias\/[\w/-]+)$|^alias\/[\w/-]+$|^[a-zA-Z0-9-]{36}$/,
    wants: "the ARN of a KMS key, its id, or an alias: arn:aws:kms:us-east-1:123456789012:key/1234abcd-…",
  },
  vpcSubnets: {
    variable: "HALFPRICE_VPC_SUBNETS",
    accepts: /^[-0-9a-zA-Z]{1,32}(?:,[-0-9a-zA-Z]{1,32}){0,15}$/,
    wants: "1 to 16 subnets with commas between: subnet-1a2b3c4d,subnet-5e6f7a8b",
  },
  vpcSecurityGroups: {
    variable: "HALFPRICE_VPC_SECURITY_GROUPS",
    accepts: /^[-0-9a-zA-Z]{1,32}(?:,[-0-9a-zA-Z]{1,32}){0,4}$/,
    wants: "1 to 5 security groups with commas between: sg-1a2b3c4d",
  },
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes a complete configuration: what was given on the line, else the environment, else the configuration file, else a
 * default. Every problem is reported at once.
 * @throws BAD_OPTIONS
 */
export async function readConfig(input: ConfigInput, environment: Environment, directory: string): Promise<Config> {
  const { values: fromFile, path, problems } = await readConfigFile(directory);
  const found: Partial<Record<keyof ConfigInput, string>> = {};
  for (const [name, { variable, accepts, wants }] of Object.entries(settings) as [keyof ConfigInput, Setting][]) {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const inEnvironment = variable === undefined ? undefined : environment[variable] || undefined;
    const [value, where] =
      input[name] !== undefined
        ? [input[name], option]
        : inEnvironment !== undefined
          ? [inEnvironment, variable ?? ""]
          : [fromFile[name], `${path}: ${name}`];
    if (value === undefined) continue;
    const text: unknown = name.startsWith("vpc") && Array.isArray(value) ? value.join(",") : value;
    if (typeof text === "string" && accepts.test(text)) found[name] = text;
    else problems.push(`${where} is ${JSON.stringify(value)}; it has to be ${wants}`);
  }
  if ((found.vpcSubnets === undefined) !== (found.vpcSecurityGroups === undefined))
    problems.push("--vpc-subnets and --vpc-security-groups go together: a job in a VPC needs both");
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
  const prefix = found.prefix ?? "halfprice/";
  return {
    workspace: resolve(directory, found.workspace ?? ".halfprice"),
    region: found.region,
    profile: found.profile,
    endpointUrl: found.endpointUrl,
    bucket: found.bucket,
    prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`,
    roleArn: found.role,
    kmsKey: found.kmsKey,
    vpc:
      found.vpcSubnets === undefined || found.vpcSecurityGroups === undefined
        ? undefined
        : { subnetIds: found.vpcSubnets.split(","), securityGroupIds: found.vpcSecurityGroups.split(",") },
  };
}

interface ConfigFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: string[];
}

async function readConfigFile(directory: string): Promise<ConfigFile> {
  const names = ["halfprice.config.ts", "halfprice.config.json"];
  const name = names.find((each) => existsSync(join(directory, each)));
  if (name === undefined) return { path: "", values: {}, problems: [] };
  const path = join(directory, name);
  let values: unknown;
  try {
    if (name.endsWith(".ts")) {
      const { createJiti } = await import("jiti");
      values = await createJiti(import.meta.url, { fsCache: false }).import(path, { default: true });
    } else values = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new HalfpriceError("BAD_SPEC", { path: name, problems: [(cause as Error).message] }, { cause });
  }
  if (typeof values !== "object" || values === null)
    return { path: name, values: {}, problems: [`${name} is not an object`] };
  const known = Object.keys(settings);
  const problems = Object.keys(values)
    .filter((key) => !known.includes(key))
    .map((key) => `${name}: ${key} is no setting; ${findNearest(key, known) ?? known.join(", ")}`);
  return { path: name, values: values as Record<string, unknown>, problems };
}

/** Options of a run that are numbers or pairs, as they come from the line. */
export interface RunOptionsInput {
  readonly limit?: string;
  readonly sample?: string;
  readonly seed?: string;
  readonly select?: string;
  readonly sql?: string;
  readonly maxCost?: string;
  readonly maxCostTotal?: string;
  readonly belowMinimum?: string;
  readonly fullRefresh?: boolean;
  readonly overwrite?: boolean;
  readonly allowGlobal?: boolean;
  readonly timezone?: string;
  readonly answers?: string;
  readonly canary?: string;
  readonly maxAttempts?: string;
  readonly timeoutHours?: string;
  readonly allowMissing?: string;
  readonly maxTokens?: string;
  readonly price?: string;
  readonly tag?: readonly string[];
  readonly answerPrefix?: string;
}

export interface RunOptions {
  readonly limit?: number;
  /** So many rows by chance; the same seed takes the same rows. */
  readonly sample?: { readonly count: number; readonly seed: number };
  readonly select?: readonly string[];
  readonly sql?: string;
  readonly maxCostUsd?: number;
  readonly maxCostTotalUsd?: number;
  /** What becomes of records that no job takes. @defaultValue "fail" */
  readonly belowMinimum: BelowMinimum;
  /** Everything is sent, answered before or not. */
  readonly fullRefresh: boolean;
  /** The output may replace a file that is there, although it holds a part of the rows only. @defaultValue false */
  readonly mayOverwrite?: boolean;
  /** The global inference profile is taken where the region has no other; data may go to any region of AWS. @defaultValue false */
  readonly isGlobalAllowed?: boolean;
  /** In which zone timestamps with one are written, an IANA name. @defaultValue "UTC" */
  readonly timezone?: string;
  /** So many answers of every row, each kept apart; from 2. One where it is left out. */
  readonly answersPerRow?: number;
  /** So many records, taken by chance, are asked on demand before the rest; the same seed takes the same. */
  readonly canary?: { readonly count: number; readonly seed: number };
  /** A record is sent at most so often, the first time included; 1 to 10. @defaultValue 1 */
  readonly maxAttempts?: number;
  readonly timeoutHours: number;
  readonly allowMissing: number;
  readonly maxTokens?: number;
  readonly price?: TokenPrice;
  readonly tags: Readonly<Record<string, string>>;
  readonly answerPrefix: string;
}

/** @throws BAD_OPTIONS with every problem */
export function parseRunOptions(input: RunOptionsInput, command: string): RunOptions {
  const problems: string[] = [];
  const number = (option: string, text: string | undefined, low: number, high: number, whole: boolean) => {
    if (text === undefined) return undefined;
    const value = Number(text);
    const fits = text.trim() !== "" && value >= low && value <= high && (!whole || Number.isSafeInteger(value));
    if (fits) return value;
    const bounds = high === Infinity ? `from ${low}` : `from ${low} to ${high}`;
    problems.push(
      `${option} is ${JSON.stringify(text)}; it has to be a ${whole ? "whole number" : "number"} ${bounds}`,
    );
    return undefined;
  };
  const { value: leastHours } = limits.minTimeoutHours;
  const { value: mostHours } = limits.maxTimeoutHours;
  const limit = number("--limit", input.limit, 1, Infinity, true);
  const sampleCount = number("--sample", input.sample, 1, Infinity, true);
  const seed = number("--seed", input.seed, 0, Infinity, true) ?? 1;
  const canaryCount = number("--canary", input.canary, 1, 1000, true);
  if (input.seed !== undefined && input.sample === undefined && input.canary === undefined)
    problems.push("--seed goes with --sample or --canary");
  const select = input.select?.split(",").map((name) => name.trim());
  if (select?.includes("") === true)
    problems.push(`--select is ${JSON.stringify(input.select)}; it has to be columns with commas between`);
  const maxCostUsd = number("--max-cost", input.maxCost, 0, Infinity, false);
  const maxCostTotalUsd = number("--max-cost-total", input.maxCostTotal, 0, Infinity, false);
  const maxAttempts = number("--max-attempts", input.maxAttempts, 1, 10, true);
  const answersPerRow = number("--answers", input.answers, 1, 100, true) ?? 1;
  const timeoutHours = number("--timeout-hours", input.timeoutHours, leastHours, mostHours, true) ?? leastHours;
  const allowMissing = number("--allow-missing", input.allowMissing, 0, Infinity, true) ?? 0;
  const maxTokens = number("--max-tokens", input.maxTokens, 1, Infinity, true);
  const { belowMinimum = "fail" } = input;
  if (belowMinimum !== "fail" && belowMinimum !== "on-demand") {
    problems.push(`--below-minimum is ${JSON.stringify(belowMinimum)}; it has to be on-demand or fail`);
  }
  const timezone = parseTimezone(input.timezone, problems);
  const price = parsePrice(input.price, problems);
  const tags = parseTags(input.tag ?? [], problems);
  const answerPrefix = input.answerPrefix ?? "";
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(answerPrefix) && answerPrefix !== "") {
    problems.push(`--answer-prefix is ${JSON.stringify(answerPrefix)}; it has to be letters, digits and underscores`);
  }
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(sampleCount === undefined ? {} : { sample: { count: sampleCount, seed } }),
    ...(select === undefined ? {} : { select }),
    ...(input.sql === undefined ? {} : { sql: input.sql.trim().replace(/;$/, "") }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
    ...(maxCostTotalUsd === undefined ? {} : { maxCostTotalUsd }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(price === undefined ? {} : { price }),
    ...(answersPerRow === 1 ? {} : { answersPerRow }),
    ...(canaryCount === undefined ? {} : { canary: { count: canaryCount, seed } }),
    fullRefresh: input.fullRefresh === true,
    ...(timezone === undefined || timezone === "UTC" ? {} : { timezone }),
    ...(input.allowGlobal === true ? { isGlobalAllowed: true } : {}),
    ...(input.overwrite === true ? { mayOverwrite: true } : {}),
    belowMinimum: belowMinimum === "on-demand" ? "on-demand" : "fail",
    timeoutHours,
    allowMissing,
    tags,
    answerPrefix,
  };
}

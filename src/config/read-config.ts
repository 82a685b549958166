import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { VpcPlace } from "../foundation/types/index.ts";

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

/** A workspace on S3. */
export interface SharedWorkspace {
  readonly bucket: string;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
  /** `s3://bucket/prefix`, without a slash at its end. */
  readonly uri: string;
}

/** Where a run is to happen. */
export interface Config {
  /** Absolute. Where the workspace is on S3, the folder of this machine that has copies of its files. */
  readonly workspace: string;
  /** Where the workspace is, if not in that folder itself. */
  readonly shared?: SharedWorkspace | undefined;
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

/** A workspace as a person writes it: its folder, or `s3://bucket/prefix`. */
export const nameWorkspace = ({ workspace, shared }: Pick<Config, "workspace" | "shared">): string =>
  shared?.uri ?? workspace;

interface Setting {
  readonly variable?: string;
  readonly accepts: RegExp;
  readonly wants: string;
}

/** Patterns of the service: CreateModelInvocationJob, read 2026-11-21; S3's naming rules. */
const settings: Readonly<Record<keyof ConfigInput, Setting>> = {
  workspace: {
    variable: "HALFPRICE_WORKSPACE",
    // Every run's folder and files stand below it.
    accepts: /^(?!s3:)[^]|^s3:\/\/[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:\/(?=.{0,600}$)[-!_*'().a-z0-9A-Z/]*)?$/,
    wants: "a folder, or s3://bucket/prefix with at most 600 letters, digits and -!_*'(). in the prefix",
  },
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
    // Keys and URIs end at 1,024 letters, and a run's folders and files stand below it.
    accepts: /^(?=.{0,800}$)(?:[-!_*'().a-z0-9A-Z]+(?:\/[-!_*'().a-z0-9A-Z]+)*)?\/?$/,
    wants:
      "at most 800 letters, digits and -!_*'(). with single slashes: Bedrock takes no =, +, space or // in an S3 URI",
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
 * @param isFileRead whether the configuration file of the folder is
 * @throws BAD_OPTIONS
 */
export async function readConfig(
  input: ConfigInput,
  environment: Environment,
  directory: string,
  isFileRead = true,
): Promise<Config> {
  const { values: fromFile, path, problems } = isFileRead ? await readConfigFile(directory) : noFile();
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
    else problems.push(`${where} is ${JSON.stringify(text)}; it has to be ${wants}`);
  }
  if ((found.vpcSubnets === undefined) !== (found.vpcSecurityGroups === undefined))
    problems.push("--vpc-subnets and --vpc-security-groups go together: a job in a VPC needs both");
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
  const prefix = found.prefix ?? "halfprice/";
  return {
    ...readWorkspace(found.workspace ?? ".halfprice", directory, found.endpointUrl, environment),
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

/** A folder, taken from where the command was called; or a place on S3, with a folder for copies of its own. */
function readWorkspace(
  given: string,
  directory: string,
  endpointUrl: string | undefined,
  environment: Environment,
): Pick<Config, "workspace" | "shared"> {
  const [, bucket, path = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(given) ?? [];
  if (bucket === undefined) return { workspace: resolve(directory, given) };
  const clean = path.replace(/\/{2,}/g, "/").replace(/^\/|\/$/g, "");
  const uri = clean === "" ? `s3://${bucket}` : `s3://${bucket}/${clean}`;
  // A bucket of the local service may have the name of a real one.
  const service = endpointUrl ?? environment["AWS_ENDPOINT_URL_S3"] ?? environment["AWS_ENDPOINT_URL"] ?? "aws";
  const name = createHash("sha256").update(`${service}\n${uri}`).digest("hex").slice(0, 16);
  return {
    workspace: join(findCopies(environment), `${bucket}-${name}`),
    shared: { bucket, prefix: clean === "" ? "" : `${clean}/`, uri },
  };
}

/** Where copies of files of workspaces on S3 are kept on this machine. */
function findCopies(environment: Environment): string {
  const { HALFPRICE_COPIES: given, XDG_CACHE_HOME: cache, HOME: home } = environment;
  if (given) return resolve(given);
  if (cache) return join(cache, "halfprice", "workspaces");
  return home ? join(home, ".cache", "halfprice", "workspaces") : join(tmpdir(), "halfprice-workspaces");
}

interface ConfigFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: string[];
}

const noFile = (): ConfigFile => ({ path: "", values: {}, problems: [] });

async function readConfigFile(directory: string): Promise<ConfigFile> {
  const names = ["halfprice.config.ts", "halfprice.config.json"];
  const name = names.find((each) => existsSync(join(directory, each)));
  if (name === undefined) return noFile();
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
    .map((key) => `${name}: ${key} is an unknown setting; ${findNearest(key, known) ?? known.join(", ")}`);
  return { path: name, values: values as Record<string, unknown>, problems };
}

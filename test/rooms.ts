/** Who may import whom, room by room: the table of ARCHITECTURE.md. `test/rooms.test.ts` holds src/ to it. */
export interface Room {
  /** Rooms and top-level files that it may import from. Its own files are always allowed. */
  readonly rooms: readonly string[];
  /** Packages that it may import; `node:` modules are always allowed. A trailing `*` matches a prefix. */
  readonly packages: readonly string[];
}

/** Nouns, errors, documented limits: any room but the local service may use them. */
const ground = [
  "hide-secrets.ts",
  ...["types.ts", "errors.ts", "limits.ts", "nearest-name.ts", "schema-pointer.ts"],
  ...["reach-point.ts", "put-in-place.ts", "disk-error.ts"],
];

export const rooms: Readonly<Record<string, Room>> = {
  "index.ts": {
    rooms: [...ground, "config.ts", "run", "prompt", "jobs"],
    packages: [],
  },
  "hide-secrets.ts": { rooms: [], packages: [] },
  "types.ts": { rooms: ["run-plan.ts", "run-summary.ts"], packages: [] },
  "run-plan.ts": { rooms: ["types.ts"], packages: [] },
  "run-summary.ts": { rooms: ["types.ts"], packages: [] },
  "errors.ts": { rooms: ["types.ts", "hide-secrets.ts"], packages: [] },
  "limits.ts": { rooms: ["types.ts"], packages: [] },
  "nearest-name.ts": { rooms: [], packages: [] },
  "schema-pointer.ts": { rooms: ["types.ts"], packages: [] },
  "reach-point.ts": { rooms: [], packages: [] },
  "disk-error.ts": { rooms: ["errors.ts"], packages: [] },
  "put-in-place.ts": { rooms: ["reach-point.ts"], packages: [] },
  "config.ts": { rooms: [...ground, "run-option-values.ts", "models", "prompt", "dataset"], packages: ["jiti"] },
  "run-option-values.ts": { rooms: ground, packages: [] },
  run: {
    rooms: [
      ...ground,
      ...[
        "config.ts",
        "dataset",
        "prompt",
        "models",
        "requests",
        "plan",
        "checks",
        "access",
        "jobs",
        "results",
        "report",
        "explanations",
      ],
      ...["aws", "engine", "ledger"],
    ],
    packages: [],
  },
  dataset: { rooms: [...ground, "engine"], packages: ["hucre*", "fzstd", "lossless-json"] },
  prompt: { rooms: ground, packages: ["yaml", "jiti", "@standard-schema/spec"] },
  models: { rooms: ground, packages: [] },
  requests: { rooms: [...ground, "engine", "models", "prompt"], packages: [] },
  plan: { rooms: [...ground, "models"], packages: [] },
  checks: { rooms: [...ground, "models", "aws", "access", "explanations"], packages: [] },
  access: { rooms: [...ground, "models", "aws"], packages: [] },
  jobs: { rooms: [...ground, "aws", "ledger"], packages: [] },
  results: { rooms: [...ground, "engine", "models", "prompt", "explanations"], packages: ["ajv*", "lossless-json"] },
  report: { rooms: [...ground, "models"], packages: [] },
  explanations: { rooms: ground, packages: [] },
  aws: {
    rooms: [...ground, "explanations"],
    packages: ["@aws-sdk/*", "@smithy/*", "agent-base", "http-proxy-agent", "https-proxy-agent", "proxy-from-env"],
  },
  engine: { rooms: ground, packages: ["@duckdb/*"] },
  ledger: { rooms: ground, packages: ["@photostructure/sqlite"] },
  cli: {
    rooms: [
      ...ground,
      ...["index.ts", "config.ts", "run", "models", "report", "access", "checks", "results", "explanations", "local"],
    ],
    packages: ["commander", "picocolors"],
  },
  console: { rooms: [...ground, "index.ts", "run", "local"], packages: ["hono*", "@hono/*"] },
  "ai-sdk": { rooms: [...ground, "index.ts", "run"], packages: ["ai", "@ai-sdk/*"] },
  local: { rooms: [], packages: ["fast-xml-parser"] },
};

export interface Import {
  /** Path below src/. */
  readonly from: string;
  /** The specifier as written. */
  readonly specifier: string;
}

/** Every specifier of a source text: static, side-effect, re-exporting, dynamic and type imports. */
export function readImports(from: string, source: string): Import[] {
  const uncommented = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const patterns = [
    /(?:^|[\n;}])\s*(?:import|export)\b[^;'"`]*?\bfrom\s*["']([^"']+)["']/g,
    /(?:^|[\n;])\s*import\s*["']([^"']+)["']/g,
    /\bimport\s*\(\s*["']([^"']+)["']/g,
    /\brequire(?:\.resolve)?\s*\(\s*["']([^"']+)["']/g,
  ];
  return patterns.flatMap((pattern) =>
    [...uncommented.matchAll(pattern)].map((match) => ({ from, specifier: match[1] ?? "" })),
  );
}

/** The room of a path below src/: its first folder, or the file itself at the top. */
export function roomOf(path: string): string {
  return path.split("/")[0] ?? path;
}

const matches = (allowed: string, name: string): boolean =>
  allowed.endsWith("*") ? name.startsWith(allowed.slice(0, -1)) : name === allowed || name.startsWith(`${allowed}/`);

/** What is wrong with one import, or undefined. */
export function findTrespass({ from, specifier }: Import): string | undefined {
  const home = roomOf(from);
  const room = rooms[home];
  if (room === undefined) return `src/${from}: no such room in the table: ${home}`;
  if (specifier.startsWith("node:")) return undefined;
  if (!specifier.startsWith(".")) {
    return room.packages.some((allowed) => matches(allowed, specifier))
      ? undefined
      : `src/${from}: ${home} may not import the package ${specifier}`;
  }
  const target = new URL(specifier, `file:///src/${from}`).pathname;
  if (!target.startsWith("/src/")) return `src/${from}: ${specifier} leaves src/`;
  const targetRoom = roomOf(target.slice("/src/".length));
  if (targetRoom === home || room.rooms.includes(targetRoom)) return undefined;
  return `src/${from}: ${home} may not import from ${targetRoom} (${specifier})`;
}

/** Who may import whom, room by room: the table of ARCHITECTURE.md. `test/rooms.test.ts` holds src/ to it. */
export interface Room {
  /** Rooms and top-level files that it may import from. Its own files are always allowed. */
  readonly rooms: readonly string[];
  /** Packages that it may import; `node:` modules are always allowed. A trailing `*` matches a prefix. */
  readonly packages: readonly string[];
}

/** Nouns, errors, documented limits and small tools: any room but the local service may use them. */
const ground = ["foundation"];

/** The rooms, from the bottom up: no room imports from one below it in this table, so there is no cycle. */
export const rooms: Readonly<Record<string, Room>> = {
  foundation: { rooms: [], packages: [] },
  local: { rooms: [], packages: ["fast-xml-parser"] },
  config: { rooms: [...ground], packages: ["jiti"] },
  engine: { rooms: [...ground], packages: ["@duckdb/*", "lossless-json"] },
  ledger: { rooms: [...ground], packages: ["@photostructure/sqlite"] },
  explanations: { rooms: [...ground], packages: [] },
  aws: {
    rooms: [...ground, "explanations"],
    packages: ["@aws-sdk/*", "@smithy/*", "agent-base", "http-proxy-agent", "https-proxy-agent", "proxy-from-env"],
  },
  models: { rooms: [...ground], packages: [] },
  lines: { rooms: [...ground], packages: [] },
  parquet: { rooms: [...ground], packages: [] },
  prompt: { rooms: [...ground, "lines"], packages: ["yaml", "jiti", "@standard-schema/spec"] },
  dataset: { rooms: [...ground, "engine", "lines"], packages: ["fast-xml-parser", "hucre*", "fzstd"] },
  plan: { rooms: [...ground, "models"], packages: [] },
  media: { rooms: [...ground, "lines", "models"], packages: ["image-size"] },
  requests: { rooms: [...ground, "engine", "lines", "media", "models", "prompt"], packages: [] },
  results: {
    rooms: [...ground, "engine", "explanations", "lines", "models", "parquet"],
    packages: ["hucre*", "ajv*"],
  },
  report: { rooms: [...ground], packages: ["@observablehq/plot", "linkedom"] },
  jobs: { rooms: [...ground, "aws", "ledger", "lines"], packages: [] },
  access: { rooms: [...ground, "aws"], packages: [] },
  notify: { rooms: [...ground, "aws"], packages: [] },
  workspace: {
    rooms: [
      ...ground,
      "access",
      "aws",
      "config",
      "dataset",
      "engine",
      "jobs",
      "ledger",
      "local",
      "models",
      "plan",
      "prompt",
      "report",
      "results",
    ],
    packages: ["p-map", "valibot"],
  },
  eval: { rooms: [...ground, "dataset", "engine", "results", "workspace"], packages: [] },
  "run/shared-answers": { rooms: [...ground, "engine", "ledger", "requests", "results", "workspace"], packages: [] },
  "run/clients": { rooms: [...ground, "aws", "jobs", "ledger", "workspace"], packages: [] },
  "run/input": { rooms: [...ground, "aws", "dataset", "engine"], packages: ["picomatch"] },
  "run/plan": {
    rooms: [
      ...ground,
      "aws",
      "config",
      "dataset",
      "engine",
      "ledger",
      "lines",
      "media",
      "models",
      "plan",
      "prompt",
      "requests",
      "results",
      "run/input",
      "run/shared-answers",
      "workspace",
    ],
    packages: [],
  },
  "run/try": {
    rooms: [
      ...ground,
      "aws",
      "dataset",
      "engine",
      "jobs",
      "ledger",
      "media",
      "plan",
      "requests",
      "results",
      "run/plan",
      "workspace",
    ],
    packages: [],
  },
  "run/finish": {
    rooms: [
      ...ground,
      "aws",
      "dataset",
      "engine",
      "explanations",
      "jobs",
      "ledger",
      "media",
      "models",
      "plan",
      "report",
      "requests",
      "results",
      "run/shared-answers",
      "workspace",
    ],
    packages: [],
  },
  "run/retry": {
    rooms: [
      ...ground,
      "config",
      "engine",
      "ledger",
      "plan",
      "requests",
      "results",
      "run/finish",
      "run/shared-answers",
      "workspace",
    ],
    packages: [],
  },
  "run/adopt": {
    rooms: [...ground, "aws", "config", "dataset", "engine", "ledger", "requests", "run/plan", "workspace"],
    packages: [],
  },
  doctor: {
    rooms: [
      ...ground,
      "access",
      "aws",
      "explanations",
      "models",
      "plan",
      "run/clients",
      "run/plan",
      "run/try",
      "workspace",
    ],
    packages: [],
  },
  setup: { rooms: [...ground, "access", "aws", "doctor", "models", "workspace"], packages: [] },
  "run/start-and-resume": {
    rooms: [
      ...ground,
      "aws",
      "config",
      "doctor",
      "engine",
      "jobs",
      "ledger",
      "media",
      "models",
      "plan",
      "report",
      "requests",
      "results",
      "run/clients",
      "run/finish",
      "run/plan",
      "run/retry",
      "run/shared-answers",
      "workspace",
    ],
    packages: [],
  },
  "run/parts": {
    rooms: [
      ...ground,
      "aws",
      "dataset",
      "engine",
      "jobs",
      "ledger",
      "models",
      "plan",
      "prompt",
      "report",
      "run/clients",
      "run/finish",
      "run/input",
      "run/plan",
      "run/start-and-resume",
      "workspace",
    ],
    packages: [],
  },
  "run/unattended": {
    rooms: [...ground, "aws", "jobs", "ledger", "run/clients", "run/parts", "run/start-and-resume", "workspace"],
    packages: [],
  },
  deploy: {
    rooms: [...ground, "access", "aws", "config", "run/unattended", "setup", "workspace"],
    packages: ["fflate"],
  },
  "table-view": {
    rooms: [...ground, "engine", "ledger", "lines", "requests", "results", "run/finish", "workspace"],
    packages: [],
  },
  library: {
    rooms: [
      ...ground,
      "access",
      "aws",
      "config",
      "dataset",
      "deploy",
      "doctor",
      "engine",
      "eval",
      "explanations",
      "jobs",
      "ledger",
      "lines",
      "models",
      "notify",
      "plan",
      "prompt",
      "report",
      "requests",
      "results",
      "run/adopt",
      "run/clients",
      "run/finish",
      "run/parts",
      "run/plan",
      "run/retry",
      "run/start-and-resume",
      "run/try",
      "setup",
      "table-view",
      "workspace",
    ],
    packages: [],
  },
  "client-batches": { rooms: [...ground, "library", "lines", "media", "models", "prompt"], packages: [] },
  "ai-sdk": {
    rooms: [...ground, "client-batches", "library", "models"],
    packages: ["@ai-sdk/provider"],
  },
  serve: {
    rooms: [...ground, "client-batches", "ledger", "library", "lines", "local", "models"],
    packages: ["fastify", "@fastify/multipart", "p-map", "tinypool"],
  },
  "index.ts": { rooms: [...ground, "aws", "engine", "library", "prompt", "table-view"], packages: [] },
  "admin.ts": { rooms: ["library"], packages: [] },
  /** Stands on the two doors alone, as any program would. */
  console: { rooms: ["admin.ts", "index.ts"], packages: ["fastify"] },
  "console/web": { rooms: ["console"], packages: ["preact"] },
  /** Stands on the two doors, and on the servers that it starts. */
  cli: {
    rooms: [...ground, "admin.ts", "console", "index.ts", "local", "serve"],
    packages: ["commander", "fast-string-width", "fast-wrap-ansi", "open", "picocolors"],
  },
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

/** Every file of ours that a source text loads when it runs: the specifier as written, or the expression where it is computed. */
export function readDynamicImports(from: string, source: string): Import[] {
  const uncommented = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  return [...uncommented.matchAll(/(typeof\s+)?(?<![.\w])import\s*\(\s*([^)]+?)\s*\)/g)]
    .filter(([, isType, what = ""]) => isType === undefined && !/^["'][^."']/.test(what))
    .map(([, , what = ""]) => ({ from, specifier: what.replace(/^["']|["']$/g, "") }));
}

/** The room of a path below src/: its first folder, or two where a room has rooms inside, or the file itself at the top. */
export function roomOf(path: string): string {
  const [first = path, second = ""] = path.split("/");
  if (first === "run") return `run/${second}`;
  return path.startsWith("console/web/") ? "console/web" : first;
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

/** The first cycle of a graph, its first node again at the end; undefined where there is none. */
export function findCycle(targets: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): string[] | undefined => {
    const at = trail.indexOf(node);
    if (at !== -1) return [...trail.slice(at), node];
    if (done.has(node)) return undefined;
    for (const next of targets.get(node) ?? []) {
      const found = visit(next, [...trail, node]);
      if (found !== undefined) return found;
    }
    done.add(node);
    return undefined;
  };
  for (const node of targets.keys()) {
    const found = visit(node, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

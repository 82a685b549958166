/** Data: this machine, the command line, and what nobody foresaw. A code is permanent. */
import { entry, list, nearest } from "./entry.ts";

/** Errors of the workspace and the local service. */
export const localErrors = {
  BAD_OPTIONS: entry<{ problems: readonly string[]; command: string }>({
    exitCode: 2,
    says: ({ problems }) =>
      problems.length === 1 ? `${problems[0]}` : `These settings cannot be used:\n  ${list(problems)}`,
    fix: ({ command }) => `${command} --help shows what every option takes`,
    about: "One or more options or settings are not valid. All of them are reported at once.",
    example: { problems: ["--limit -3: a whole number from 1"], command: "halfprice run" },
  }),
  NOT_CONFIRMED: entry<{ command: string }>({
    exitCode: 2,
    says: () => "There is no terminal to ask on, so nothing was done.",
    fix: ({ command }) => `look at the plan above, then: ${command} --yes`,
    about:
      "`run` asks before it spends, `setup` before it makes anything. Without a terminal they print the plan and stop.",
    example: { command: "halfprice run reviews.csv classify.md" },
  }),
  DECLINED: entry<Record<never, never>>({
    exitCode: 2,
    says: () => "Not confirmed; nothing was done.",
    fix: () => "run it again when the plan is right",
    about: "The question of `run` or `setup` was answered with no.",
    example: {},
  }),
  PORT_IN_USE: entry<{ port: number }>({
    exitCode: 2,
    says: ({ port }) => `Port ${port} on 127.0.0.1 is in use.`,
    fix: () => "--port 0 takes any free port",
    about: "Another program listens where the local service, or `serve`, should.",
    example: { port: 4566 },
  }),
  SERVE_NEEDS_KEYS: entry<{ host: string }>({
    exitCode: 2,
    says: ({ host }) => `--host ${host} can be reached from other machines, and no keys say who may call.`,
    fix: () => "halfprice serve --host … --keys keys.txt, one key a line; or leave --host out",
    about: "`serve` spends the account's money for whoever calls it: beyond loopback it takes only calls with a key.",
    example: { host: "0.0.0.0" },
  }),
  SERVE_RUNNING: entry<{
    workspace: string;
    pid?: number | undefined;
    host?: string | undefined;
    url?: string | undefined;
  }>({
    exitCode: 2,
    says: ({ workspace, pid, host, url }) =>
      `Another halfprice serve works on ${workspace}${pid === undefined ? "" : `: process ${pid} on ${host}`}${url === undefined ? "" : `, at ${url}`}.`,
    fix: ({ pid, url }) =>
      `${url === undefined ? "use that one" : `use that one, at ${url}`}; or stop it${pid === undefined ? "" : ` (kill ${pid})`} and start again: no batch is lost; or give this one a workspace of its own: --workspace DIR`,
    about:
      "Two servers on one workspace would both begin and collect the same batches, so the second one does not start.",
    example: { workspace: ".halfprice", pid: 4711, host: "build-7", url: "http://127.0.0.1:8080" },
  }),
  LOCAL_DATA_BUSY: entry<{ dataDir: string; owner: string }>({
    exitCode: 2,
    says: ({ dataDir, owner }) => `${dataDir} is in use by another local service (${owner}).`,
    fix: () => "stop that one, or give another folder with --data",
    about: "One folder of the local service's data has one owner at a time.",
    example: { dataDir: ".halfprice/local", owner: "process 4711" },
  }),
  MODEL_BEHAVIOUR: entry<{ path: string; reason: string }>({
    exitCode: 2,
    says: ({ path, reason }) => `The behaviour of models in ${path} cannot be used: ${reason}.`,
    fix: () => "docs/local-service.md has the form of the file, with an example",
    about:
      "`halfprice local --model-behaviour`, or HALFPRICE_MODEL_BEHAVIOUR for `--local`, names a file that says how often simulated models are right. It is missing, or something in it cannot be used.",
    example: { path: "behaviour.json", reason: "models.nova-micro.accuracy has to be a number from 0 to 1, not 85" },
  }),
  DISK: entry<{ path: string; reason: string }>({
    exitCode: 3,
    says: ({ path, reason }) => `${path} cannot be written: ${reason}. Nothing that was there before is lost.`,
    fix: () => "free some space or fix the permissions, then run the same command again",
    about: "The workspace's disk is full or read-only.",
    example: { path: ".halfprice/runs/20260314-093000-k3x9a", reason: "no space is left on the device" },
  }),
  BAD_WORKSPACE: entry<{ workspace: string; reason: string }>({
    exitCode: 2,
    says: ({ workspace, reason }) => `${workspace} cannot be a workspace: ${reason}.`,
    fix: () => "name a folder, or one that is not there yet: --workspace DIR, or set HALFPRICE_WORKSPACE",
    about: "The workspace is a folder of its own; its name is taken by something else.",
    example: { workspace: ".halfprice", reason: "it is a file" },
  }),
  LEDGER_DAMAGED: entry<{ path: string; reason: string; workspace?: string | undefined }>({
    exitCode: 3,
    says: ({ path, reason }) => `The ledger ${path} cannot be read: ${reason}. Nothing was changed.`,
    fix: ({ workspace = ".halfprice" }) =>
      `put a copy of it back; or begin a new workspace and keep the old one: mv ${workspace} ${workspace}-damaged   (its jobs go on, and its tables stay in ${workspace}-damaged/runs)`,
    about:
      "The workspace's ledger.db is cut off, overwritten, or the database of another program. It says what was sent and paid, so nothing is guessed and nothing is begun without it.",
    example: { path: ".halfprice/ledger.db", reason: "it is not a database", workspace: ".halfprice" },
  }),
  WORKSPACE_NOT_SHARED: entry<{ workspace: string; what: string }>({
    exitCode: 2,
    says: ({ workspace, what }) =>
      `${what} works where nobody's machine has to be on, and the workspace ${workspace} is a folder of this one.`,
    fix: ({ workspace }) =>
      `copy it once, and name the copy from then on: halfprice workspace copy ${workspace} s3://BUCKET/PREFIX   then --workspace s3://BUCKET/PREFIX, or HALFPRICE_WORKSPACE`,
    about: "`deploy` and `run --unattended` take a workspace on S3: the function reads its runs and its ledger there.",
    example: { workspace: ".halfprice", what: "halfprice deploy" },
  }),
  WORKSPACE_IN_USE: entry<{ workspace: string; reason: string }>({
    exitCode: 2,
    says: ({ workspace, reason }) =>
      `The workspace ${workspace} cannot be copied from, or to: ${reason}. Nothing was changed in it.`,
    fix: () => "copy when no process works on the source, into a workspace that has no runs yet",
    about:
      "A copy of a workspace that is being worked on would be of no one moment, and one into a workspace with runs would mix two histories.",
    example: { workspace: "s3://team-bucket/halfprice", reason: "it has runs, 20261130-093012-x7k2q is one" },
  }),
  LEDGER_BUSY: entry<{ ledger: string; tries: number }>({
    exitCode: 3,
    says: ({ ledger, tries }) =>
      `The shared ledger ${ledger} could not be changed: other processes were faster ${tries} times. Nothing was sent for the change.`,
    fix: () => "run the same command again; with very many processes at once, let fewer work on this workspace",
    about:
      "A workspace on S3 has one ledger, which is put back only where nobody else has put one meanwhile. A change is decided anew each time another process was faster, and given up after many tries.",
    example: { ledger: "s3://team-bucket/halfprice-workspace/ledger.db.gz", tries: 60 },
  }),
  NEWER_FILE: entry<{ path: string; version: string; known: number }>({
    exitCode: 2,
    says: ({ path, version, known }) =>
      `${path} was written by a newer halfprice (version ${version} of the file; this one reads up to ${known}). Nothing was changed.`,
    fix: () => "update halfprice, then run the same command again: npm install -g halfprice@latest",
    about:
      "A workspace that a newer halfprice has worked in: its ledger, or a run's run.json or plan.json. An older one would misread it.",
    example: { path: ".halfprice/ledger.db", version: "9", known: 3 },
  }),
  UNKNOWN_MESSAGE: entry<{ message: string; nearest?: string | undefined }>({
    exitCode: 2,
    says: ({ message, nearest: other }) => `halfprice does not know this message: ${message}${nearest(other)}`,
    fix: () =>
      "give the words of the service alone, without your program's own; halfprice doctor checks what usually goes wrong, and a report of the message helps the next one",
    about:
      "`explain` was given a message that is in no row of its table, and no code of halfprice's own. It does not guess.",
    example: { message: "Something went wrong" },
  }),
  BUG: entry<{ reason: string }>({
    exitCode: 1,
    says: ({ reason }) => `halfprice has a bug: ${reason}`,
    fix: () => "please report it with the command that led here; your runs and files are as they were",
    about: "Something happened that should be impossible.",
    example: { reason: "a shard has no records" },
  }),
} as const;

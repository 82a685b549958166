import { HalfpriceError } from "../foundation/errors/index.ts";
import type { RunFlags } from "./options/options.ts";
import type { SavedPlan } from "./saved-plan.ts";

/** Options that say where and how to run, and not what: they are given anew with each command. */
const ofTheLine: readonly string[] = [
  ...["json", "workspace", "region", "profile", "endpointUrl", "local", "yes", "quiet"],
  ...[
    "bucket",
    "prefix",
    "role",
    "kmsKey",
    "vpcSubnets",
    "vpcSecurityGroups",
    "output",
    "detach",
    "unattended",
    "save",
    "skipChecks",
    "rawOutput",
    "safeCsv",
  ],
];

/** What of a command a saved plan keeps. */
export function toSavedRequest(
  first: string | undefined,
  second: string | undefined,
  flags: RunFlags,
): SavedPlan["request"] {
  return {
    words: [first, second].filter((word) => word !== undefined),
    flags: Object.fromEntries(
      Object.entries(flags).filter(
        ([name, value]) => !ofTheLine.includes(name) && !(name === "header" && value === true),
      ),
    ),
  };
}

interface Words {
  readonly first: string | undefined;
  readonly second: string | undefined;
  readonly flags: RunFlags;
}

/** The command that a saved plan stands for, where and how the line says. @throws BAD_OPTIONS where there is a word too many */
export function fromSavedRequest(
  saved: SavedPlan | undefined,
  first: string | undefined,
  second: string | undefined,
  flags: RunFlags,
): Words {
  if (saved === undefined) return { first, second, flags };
  if (second !== undefined) {
    const problems = [`${first} is a saved plan, which has its prompt in it; ${second} is one word too many`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
  }
  const [table, prompt] = saved.request.words;
  // An option that begins with no- is always there.
  const { header, ...given } = flags;
  const own = header === false ? { ...given, header } : given;
  return { first: table, second: prompt, flags: { ...(saved.request.flags as RunFlags), ...own } };
}

import { spawnSync } from "node:child_process";

const answers = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

/**
 * The AWS CLI: Debian's, installed from its packages where that is allowed (by root, where apt-get is), else any other.
 * @returns the command, or undefined where there is none to be had
 */
export function findAwsCli(): string | undefined {
  const debian = "/usr/bin/aws";
  if (answers(debian)) return debian;
  if (process.getuid?.() === 0 && answers("apt-get")) {
    const options = {
      stdio: "ignore",
      timeout: 240_000,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    } as const;
    spawnSync("apt-get", ["update", "-qq"], options);
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "awscli"], options);
    if (answers(debian)) return debian;
  }
  return answers("aws") ? "aws" : undefined;
}

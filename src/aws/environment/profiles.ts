import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findNearest } from "../../foundation/nearest-name.ts";

/**
 * The names of the profiles in the AWS configuration: sections of both files.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html, known, not read again
 */
function listProfiles(environment: Readonly<Record<string, string | undefined>> = process.env): string[] {
  const home = environment["HOME"] || environment["USERPROFILE"] || homedir();
  const files = [
    environment["AWS_CONFIG_FILE"] || join(home, ".aws", "config"),
    environment["AWS_SHARED_CREDENTIALS_FILE"] || join(home, ".aws", "credentials"),
  ];
  const names = files.flatMap((file) => {
    try {
      return [...readFileSync(file, "utf8").matchAll(/^\s*\[\s*(?:profile\s+)?([^\]]+?)\s*\]/gm)].map(([, name = ""]) =>
        name.replace(/^"(.*)"$/, "$1"),
      );
    } catch {
      return []; // no such file: no profiles in it
    }
  });
  return [...new Set(names)].filter((name) => !/^(sso-session|services)\s/.test(name)).sort();
}

/** What to say of a profile that there is not; undefined for one that there is. */
export function explainUnknownProfile(profile: string): { readonly reason: string; readonly fix: string } | undefined {
  const known = listProfiles();
  if (known.includes(profile)) return undefined;
  const nearest = findNearest(profile, known);
  const there = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
  const use = nearest === undefined ? "name one that there is: --profile NAME" : `--profile ${nearest}`;
  return {
    reason: `the AWS configuration has no profile ${profile}; ${there}`,
    fix: `${use}, or make it: aws configure --profile ${profile} (or aws configure sso)`,
  };
}

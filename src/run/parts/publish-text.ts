import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../foundation/commit-file.ts";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import type { Session } from "../../workspace/session.ts";

/**
 * Puts a value as JSON in its place in the workspace, unless one is there: of several processes that try, one is first.
 * @returns whether this one was first
 */
export async function publishText({ config }: Pick<Session, "config">, path: string, value: unknown): Promise<boolean> {
  const { workspace } = config;
  const folder = dirname(join(workspace, path));
  makeFolder(folder);
  const temporary = join(folder, `${randomUUID()}.tmp`);
  writeFileSync(temporary, `${JSON.stringify(value)}\n`);
  return filesOf(workspace).publishOnce(path, temporary);
}

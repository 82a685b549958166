import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readSpecFile } from "../../src/prompt/read-spec-file.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

describe("a TypeScript spec", () => {
  it("gives table, typed prompt, settings and the schema of a Zod object", async () => {
    const folder = makeFolder();
    symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(folder, "node_modules"));
    const path = writeFile(
      folder,
      "audit.batch.ts",
      `import { csv, defineBatch } from "halfprice";
       import { z } from "zod";
       enum Tone { Kind = "kind" }
       export default defineBatch({
         input: csv<{ text: string }>("train.csv"),
         model: "claude-sonnet-4.6",
         maxTokens: 200,
         output: z.object({ concerns: z.array(z.string()) }),
         prompt: (row) => \`\${Tone.Kind}: \${row.text}\`,
       });`,
    );
    const { tablePath, prompt } = await readSpecFile(path);
    expect(tablePath).toBe(join(folder, "train.csv"));
    expect(prompt.kind === "function" && prompt.render({ text: "x" })).toBe("kind: x");
    expect(prompt.settings).toMatchObject({
      model: "claude-sonnet-4.6",
      maxTokens: 200,
      output: { type: "object", properties: { concerns: { type: "array", items: { type: "string" } } } },
    });
  });

  it.each([
    ["export const x = 1;", /no default export/],
    ["export default 5;", /not what defineBatch makes/],
    ["import x from './missing.ts'; export default x;", /could not be loaded/],
    [
      "export default { input: { path: 'a' }, model: 5, prompt: 1, colour: 1, maxTokns: 2 };",
      /model has to be[\s\S]*prompt has to be[\s\S]*colour is an unknown setting[\s\S]*maxTokns is an unknown setting; the nearest is maxTokens/,
    ],
    ["export default {\n input: ;", /could not be loaded/],
  ])("%j is refused, all problems at once", async (source, words) => {
    const error = await findFailure(() => readSpecFile(writeFile(makeFolder(), "s.ts", source)));
    expect(error.code).toBe("BAD_SPEC");
    expect(error.message).toMatch(words);
  });
});

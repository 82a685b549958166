import { existsSync } from "node:fs";

/** Tests of the command run the built one, so that what is tested is what is published. */
export default function setup(): void {
  if (!existsSync(new URL("../../dist/cli/main.js", import.meta.url))) {
    throw new Error("dist/ is missing; run: npm run build");
  }
}

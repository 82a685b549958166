// Lints the CloudFormation templates of `deploy` and `setup` with AWS's own cfn-lint, from PyPI into a folder of its own: `npm run lint:templates`.
// Where it cannot be had, that is said, and nothing is checked.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeTemplate } from "../dist/access/cloudformation.js";
import { makeFunctionTemplate } from "../dist/deploy/template.js";

const account = "123456789012";
const scope = {
  accountId: account,
  region: "us-east-1",
  bucket: "my-bucket",
  prefix: "halfprice/",
  roleArn: `arn:aws:iam::${account}:role/Batch`,
  kmsKeyArn: `arn:aws:kms:us-east-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
};
const options = {
  workspaceUri: "s3://team-bucket/workspace",
  codeKey: "workspace/function/0123456789abcdef.zip",
  scheduleMinutes: 5,
  notifyTopic: `arn:aws:sns:us-east-1:${account}:alarms`,
};
const workspace = { bucket: "team-bucket", prefix: "workspace/" };
const templates = {
  function: makeFunctionTemplate({ ...scope, name: "halfprice", workspace }, options),
  "function-every-minute": makeFunctionTemplate(
    { ...scope, name: "halfprice", workspace: { bucket: scope.bucket, prefix: scope.prefix }, kmsKeyArn: undefined },
    { ...options, scheduleMinutes: 1, notifyTopic: undefined },
  ),
  setup: makeTemplate(scope, { expireDays: 30 }),
};

const folder = mkdtempSync(join(tmpdir(), "halfprice-template-"));
const skip = (reason) => {
  console.error(`cfn-lint: skipped, ${reason}`);
  process.exitCode = 0;
};
try {
  const python = join(folder, "python");
  const made = spawnSync("python3", ["-m", "venv", python], { encoding: "utf8" });
  const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "cfn-lint"];
  const installed = made.status === 0 ? spawnSync(join(python, "bin", "python"), pip, { encoding: "utf8" }) : undefined;
  if (made.status !== 0) skip("there is no python3 with venv");
  else if (installed?.status !== 0) skip(`pip failed: ${installed?.stderr.trim().split("\n").at(-1)}`);
  else {
    const paths = Object.entries(templates).map(([name, template]) => {
      const path = join(folder, `${name}.json`);
      writeFileSync(path, JSON.stringify(template, null, 2));
      return path;
    });
    const done = spawnSync(join(python, "bin", "cfn-lint"), ["--regions", "us-east-1", "--", ...paths], {
      encoding: "utf8",
    });
    process.stderr.write(`${done.stdout}${done.stderr}`);
    console.error(done.status === 0 ? `cfn-lint: ${paths.length} templates are sound` : "cfn-lint: FAILED");
    process.exitCode = done.status === 0 ? 0 : 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/read-config.ts";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

describe("the configuration", () => {
  it("is what was said on the line, else in the environment, else in the file, else usual", async () => {
    const folder = makeFolder();
    writeFile(
      folder,
      "halfprice.config.json",
      '{"bucket":"from-file","role":"arn:aws:iam::123456789012:role/File","region":"eu-west-1","prefix":"p"}',
    );
    const config = await readConfig({ region: "us-east-1" }, { HALFPRICE_BUCKET: "from-environment" }, folder);
    expect(config).toMatchObject({
      region: "us-east-1",
      bucket: "from-environment",
      roleArn: "arn:aws:iam::123456789012:role/File",
      prefix: "p/",
      workspace: `${folder}/.halfprice`,
    });
    expect((await readConfig({}, {}, makeFolder())).prefix).toBe("halfprice/");
  });

  it("has the key and the VPC of the jobs, the VPC whole or not at all", async () => {
    const folder = makeFolder();
    writeFile(folder, "halfprice.config.json", '{"kmsKey":"alias/mine","vpcSubnets":["subnet-1","subnet-2"]}');
    const variables = { HALFPRICE_VPC_SECURITY_GROUPS: "sg-1" };
    expect(await readConfig({}, variables, folder)).toMatchObject({
      kmsKey: "alias/mine",
      vpc: { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] },
    });
    const error = await findFailure(() => readConfig({ kmsKey: "mine" }, {}, folder));
    expect(error.message).toContain('--kms-key is "mine"');
    expect(error.message).toContain("--vpc-subnets and --vpc-security-groups go together");
  });

  it("may be TypeScript", async () => {
    const folder = makeFolder();
    writeFile(folder, "halfprice.config.ts", 'const name: string = "my-bucket";\nexport default { bucket: name };');
    expect((await readConfig({}, {}, folder)).bucket).toBe("my-bucket");
  });

  it("that is wrong is refused with every problem and where each stands", async () => {
    const folder = makeFolder();
    writeFile(folder, "halfprice.config.json", '{"bucket":"s3://x","colour":1}');
    const error = await findFailure(() => readConfig({ prefix: "dt=2026/" }, { HALFPRICE_ROLE_ARN: "MyRole" }, folder));
    expect(error.code).toBe("BAD_OPTIONS");
    for (const words of [
      "halfprice.config.json: bucket",
      "colour is an unknown setting",
      "--prefix",
      "HALFPRICE_ROLE_ARN",
    ])
      expect(error.message).toContain(words);
  });

  it("takes a whole run's options, with their usual values", () => {
    expect(parseRunOptions({}, "x")).toEqual({
      ...{ timeoutHours: 24, allowMissing: 0, tags: {}, answerPrefix: "", belowMinimum: "fail", fullRefresh: false },
    });
    expect(
      parseRunOptions({ tag: ["team=a b", "k="], price: "0.5/2.5", sample: "10", seed: "7", select: "a, b" }, "x"),
    ).toMatchObject({
      tags: { team: "a b", k: "" },
      price: { inputUsd: 0.5, outputUsd: 2.5 },
      sample: { count: 10, seed: 7 },
      select: ["a", "b"],
    });
  });
});

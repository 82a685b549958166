import type { Command } from "commander";
import { adopt } from "../../admin.ts";
import { defined } from "../../foundation/defined.ts";
import { finishCommand } from "../finish-command.ts";
import { inSession } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options/options.ts";

type AdoptFlags = CommonFlags & { readonly name?: string; readonly output?: string; readonly detach?: boolean };

export function define(command: Command): void {
  command
    .argument("<job ARN>", "the ARN of a batch inference job that was made elsewhere")
    .option("--name <name>", "what to call the run (default: the job's name)")
    .option("-o, --output <file>", "output file (.parquet, .csv, .jsonl, .xlsx) or s3:// object")
    .option("--detach", "return although the job has not ended");
  addCommonOptions(command);
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice adopt arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghij12 -o answers.parquet",
  );
  command.action(async (jobArn: string, flags: AdoptFlags) => {
    const region = /^arn:aws[\w-]*:bedrock:([a-z0-9-]+):/.exec(jobArn)?.[1];
    await inSession({ ...defined({ region }), ...flags }, async (opened) => {
      const { name, output } = flags;
      const run = await adopt(jobArn, { ...opened.options, ...defined({ name, output }), follow: false });
      opened.progress.end();
      opened.terminal.note(`the job is the run ${run.id} from here on`);
      await finishCommand(opened, run.id, flags.detach === true ? "once" : "follow", flags.json === true, output);
    });
  });
}

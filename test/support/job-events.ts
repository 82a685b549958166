/** Events of EventBridge as AWS documents them (sources#batch-events). */

/** A batch job of this or another program has changed its state. */
export function jobEvent(jobArn: string, status = "Completed"): object {
  const [, , , region, account] = jobArn.split(":");
  return {
    version: "0",
    id: "a1b2c3d4",
    "detail-type": "Batch Inference Job State Change",
    source: "aws.bedrock",
    account,
    time: "Wed Aug 28 22:58:30 UTC 2024",
    region,
    resources: [jobArn],
    detail: {
      version: "0.0",
      accountId: account,
      batchJobName: "dummy-batch-job-name",
      batchJobArn: jobArn,
      batchModelId: "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-sonnet-20240229-v1:0",
      status,
      failureMessage: "",
      creationTime: "Aug 28, 2024, 10:47:53 PM",
    },
  };
}

export const strangersEvent = jobEvent("arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz");

export const scheduledEvent = {
  version: "0",
  id: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: "123456789012",
  time: "2026-11-21T09:05:00Z",
  region: "us-east-1",
  resources: ["arn:aws:events:us-east-1:123456789012:rule/halfprice-Timer"],
  detail: {},
};

import { describe, expect, it } from "vitest";
import { type FunctionScope, makeFunctionPolicy } from "../../src/deploy/function-policy.ts";
import { makeFunctionTemplate } from "../../src/deploy/template.ts";
import { jobEvent, scheduledEvent } from "../support/job-events.ts";

const scope: FunctionScope = {
  ...{ accountId: "123456789012", region: "us-east-1", bucket: "my-bucket", prefix: "halfprice/", name: "halfprice" },
  roleArn: "arn:aws:iam::123456789012:role/Batch",
  workspace: { bucket: "team-bucket", prefix: "workspace/" },
};
const options = {
  workspaceUri: "s3://team-bucket/workspace",
  codeKey: "workspace/function/0123456789abcdef.zip",
  scheduleMinutes: 5,
};
const template = makeFunctionTemplate(scope, options);
const get = (name: string) => template.Resources[name]?.Properties ?? {};

/** As EventBridge matches: every member of the pattern is in the event, with one of the values. */
function matches(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.includes(event);
  return Object.entries(pattern as Record<string, unknown>).every(([name, wanted]) =>
    matches(wanted, (event as Record<string, unknown>)[name]),
  );
}

/** Names that are referred to. */
function listReferences(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === "Ref" && typeof inner === "string") return [inner];
    if (key === "Fn::GetAtt") return [(inner as string[])[0] ?? ""];
    if (key === "DependsOn" && typeof inner === "string") return [inner];
    return listReferences(inner);
  });
}

describe("the function's template", () => {
  it("has a function that makes one pass at a time, with Node's own SQLite", () => {
    expect(get("Function")).toMatchObject({
      FunctionName: "halfprice",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      ReservedConcurrentExecutions: 1,
      Timeout: 900,
      Code: { S3Bucket: "team-bucket", S3Key: options.codeKey },
      Environment: { Variables: { HALFPRICE_WORKSPACE: options.workspaceUri, HALFPRICE_COPIES: "/tmp/halfprice" } },
      DeadLetterConfig: { TargetArn: { "Fn::GetAtt": ["FailedPasses", "Arn"] } },
    });
    expect(get("NoRetries")).toMatchObject({ MaximumRetryAttempts: 0 });
  });

  it("gives its role the policy of a pass, and to Lambda alone", () => {
    expect(get("Role")["Policies"]).toEqual([
      { PolicyName: "halfprice-pass", PolicyDocument: makeFunctionPolicy(scope) },
    ]);
    expect(JSON.stringify(get("Role")["AssumeRolePolicyDocument"])).toContain('"Service":"lambda.amazonaws.com"');
    expect(JSON.stringify(makeFunctionPolicy(scope)).length).toBeLessThan(10_240);
  });

  it.each([
    ["Completed", true],
    ["PartiallyCompleted", true],
    ["Failed", true],
    ["Stopped", true],
    ["Expired", true],
    ["InProgress", false],
    ["Scheduled", false],
  ])("is called when a job is %s: %s", (status, isCalled) => {
    const event = jobEvent("arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz", status);
    expect(matches(get("JobEnds")["EventPattern"], event)).toBe(isCalled);
    expect(matches(get("JobEnds")["EventPattern"], scheduledEvent)).toBe(false);
  });

  it("is called by time as well, and both rules may call it", () => {
    expect(get("Timer")["ScheduleExpression"]).toBe("rate(5 minutes)");
    expect(
      makeFunctionTemplate(scope, { ...options, scheduleMinutes: 1 }).Resources["Timer"]?.Properties,
    ).toMatchObject({
      ScheduleExpression: "rate(1 minute)",
    });
    for (const rule of ["JobEnds", "Timer"]) {
      expect(get(rule)["Targets"]).toEqual([{ Id: "pass", Arn: { "Fn::GetAtt": ["Function", "Arn"] } }]);
      expect(get(`${rule}MayCall`)).toMatchObject({
        Principal: "events.amazonaws.com",
        SourceArn: { "Fn::GetAtt": [rule, "Arn"] },
      });
    }
  });

  it("rings where a pass fails and where events are left, and tells a topic where one is named", () => {
    expect(get("PassFailed")).toMatchObject({ MetricName: "Errors", Threshold: 1, TreatMissingData: "notBreaching" });
    expect(get("EventsLeft")).toMatchObject({ MetricName: "ApproximateNumberOfMessagesVisible", Threshold: 1 });
    expect(get("PassFailed")).not.toHaveProperty("AlarmActions");
    const notifyTopic = "arn:aws:sns:us-east-1:123456789012:alarms";
    const told = makeFunctionTemplate(scope, { ...options, notifyTopic });
    expect(told.Resources["PassFailed"]?.Properties["AlarmActions"]).toEqual([notifyTopic]);
  });

  it("refers to nothing that it does not have, and is no larger than CloudFormation takes", () => {
    const names = Object.keys(template.Resources);
    expect(listReferences(template).filter((name) => !names.includes(name))).toEqual([]);
    expect(JSON.stringify(template).length).toBeLessThan(51_200);
  });
});

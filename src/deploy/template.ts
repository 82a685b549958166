import type { Template, TemplateResource } from "../access/cloudformation.ts";
import { type FunctionScope, makeFunctionPolicy, makeFunctionTrust, nameFunctionArns } from "./function-policy.ts";

/** What a template is made of, besides the names in its scope. */
export interface FunctionTemplateOptions {
  /** `s3://bucket/prefix` */
  readonly workspaceUri: string;
  /** Where the bundle's zip is, in the workspace's bucket. */
  readonly codeKey: string;
  /** 1 to 1440. */
  readonly scheduleMinutes: number;
  /** An SNS topic that is told of alarms. */
  readonly notifyTopic?: string | undefined;
}

/** Node's own SQLite needs no flag there (sources#lambda-node). */
const runtime = "nodejs24.x";

/**
 * A call may take as long as Lambda lets it: asking on demand goes on until shortly before. The bounds are Lambda's
 * (sources#lambda-limits); a shard's lines and answers lie on the disk while they are asked.
 */
const size = { memoryMb: 512, diskMb: 4096, timeoutSeconds: 900 } as const;

const logDays = 30;
const queueSeconds = 14 * 24 * 3600;
/** The longest that Lambda keeps an event that finds the function busy (sources#lambda-queue): a burst of events is worked off one by one. */
const eventAgeSeconds = 6 * 3600;

/** States in which a job has ended; only these make room for another job, or a table. */
const endStates = ["Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"];

const getArn = (name: string) => ({ "Fn::GetAtt": [name, "Arn"] });

/** The function that makes passes, with all that it needs, as a CloudFormation template. */
export function makeFunctionTemplate(scope: FunctionScope, options: FunctionTemplateOptions): Template {
  const { region } = scope;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `halfprice: a function that works on the runs of ${options.workspaceUri} in ${region}. Needs CAPABILITY_NAMED_IAM.`,
    Resources: { ...makeFunction(scope, options), ...makeTriggers(options), ...makeAlarms(scope, options) },
    Outputs: {
      FunctionName: { Description: "the function", Value: { Ref: "Function" } },
      RoleArn: { Description: "the role that it works with", Value: getArn("Role") },
      LogGroup: { Description: "what it says", Value: { Ref: "LogGroup" } },
      QueueUrl: { Description: "the events of passes that failed", Value: { Ref: "FailedPasses" } },
    },
  };
}

/** How the function's role is called. A role is of the whole account. */
export const nameFunctionRole = ({ name, region }: Pick<FunctionScope, "name" | "region">): string =>
  `${name}-${region}`;

function makeFunction(
  scope: FunctionScope,
  { workspaceUri, codeKey }: FunctionTemplateOptions,
): Record<string, TemplateResource> {
  const { name, workspace } = scope;
  return {
    LogGroup: {
      Type: "AWS::Logs::LogGroup",
      Properties: { LogGroupName: `/aws/lambda/${name}`, RetentionInDays: logDays },
    },
    FailedPasses: {
      Type: "AWS::SQS::Queue",
      Properties: {
        QueueName: nameFunctionArns(scope).queue.split(":").at(-1),
        MessageRetentionPeriod: queueSeconds,
        SqsManagedSseEnabled: true,
      },
    },
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: nameFunctionRole(scope),
        Description: "The function of halfprice works on runs with it",
        AssumeRolePolicyDocument: makeFunctionTrust(),
        Policies: [{ PolicyName: "halfprice-pass", PolicyDocument: makeFunctionPolicy(scope) }],
      },
    },
    Function: {
      Type: "AWS::Lambda::Function",
      DependsOn: "LogGroup",
      Properties: {
        FunctionName: name,
        Description: "Works on the runs of halfprice that nobody watches",
        Runtime: runtime,
        Architectures: ["arm64"],
        Handler: "index.handler",
        Code: { S3Bucket: workspace.bucket, S3Key: codeKey },
        Role: getArn("Role"),
        MemorySize: size.memoryMb,
        EphemeralStorage: { Size: size.diskMb },
        Timeout: size.timeoutSeconds,
        // Two passes at once would only get in each other's way.
        ReservedConcurrentExecutions: 1,
        DeadLetterConfig: { TargetArn: getArn("FailedPasses") },
        Environment: { Variables: { HALFPRICE_WORKSPACE: workspaceUri, HALFPRICE_COPIES: "/tmp/halfprice" } },
      },
    },
    NoRetries: {
      Type: "AWS::Lambda::EventInvokeConfig",
      Properties: {
        FunctionName: { Ref: "Function" },
        Qualifier: "$LATEST",
        // The next pass is the retry.
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: eventAgeSeconds,
      },
    },
  };
}

/** What calls the function: jobs that end, and time, since events may be lost (sources#batch-events). */
function makeTriggers({ scheduleMinutes: count }: FunctionTemplateOptions): Record<string, TemplateResource> {
  const makeRule = (description: string, trigger: object): TemplateResource => ({
    Type: "AWS::Events::Rule",
    Properties: {
      Description: description,
      ...trigger,
      State: "ENABLED",
      Targets: [{ Id: "pass", Arn: getArn("Function") }],
    },
  });
  const makePermission = (rule: string): TemplateResource => ({
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunction",
      FunctionName: { Ref: "Function" },
      Principal: "events.amazonaws.com",
      SourceArn: getArn(rule),
    },
  });
  return {
    JobEnds: makeRule("A batch job of Bedrock has ended", {
      EventPattern: {
        source: ["aws.bedrock"],
        "detail-type": ["Batch Inference Job State Change"],
        detail: { status: endStates },
      },
    }),
    Timer: makeRule("Time for a look", { ScheduleExpression: `rate(${count} minute${count === 1 ? "" : "s"})` }),
    JobEndsMayCall: makePermission("JobEnds"),
    TimerMayCall: makePermission("Timer"),
  };
}

/** What says that a pass has failed: at once, and as long as the event of one lies in the queue. */
function makeAlarms(
  { name }: FunctionScope,
  { notifyTopic }: FunctionTemplateOptions,
): Record<string, TemplateResource> {
  const makeAlarm = (suffix: string, description: string, metric: object): TemplateResource => ({
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      AlarmName: `${name}-${suffix}`,
      AlarmDescription: description,
      ...metric,
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
      ...(notifyTopic === undefined ? {} : { AlarmActions: [notifyTopic], OKActions: [notifyTopic] }),
    },
  });
  return {
    PassFailed: makeAlarm("pass-failed", `A pass of ${name} has failed; its log says why`, {
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Dimensions: [{ Name: "FunctionName", Value: { Ref: "Function" } }],
      Statistic: "Sum",
    }),
    EventsLeft: makeAlarm("events-left", `Events of failed passes of ${name} are in its queue`, {
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": ["FailedPasses", "QueueName"] } }],
      Statistic: "Maximum",
    }),
  };
}

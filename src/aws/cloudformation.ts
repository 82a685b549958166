import { defined } from "../foundation/defined.ts";
import { isError } from "../foundation/errors/index.ts";
import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/** A stack of CloudFormation. */
export interface StackState {
  readonly id: string;
  /** `CREATE_COMPLETE`, `UPDATE_IN_PROGRESS` and so on. */
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What is to become a stack. */
export interface StackRequest {
  readonly name: string;
  /** JSON. */
  readonly template: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The stacks of CloudFormation. */
export interface StackService {
  /** @param nameOrId one that was removed is known by its id only */
  find(nameOrId: string): Promise<StackState | undefined>;
  /** The template of a stack as it was sent, JSON or YAML. */
  readTemplate(name: string): Promise<string>;
  /** @returns the stack's id */
  create(request: StackRequest): Promise<string>;
  /** @returns false where nothing would change */
  update(request: StackRequest): Promise<boolean>;
  remove(nameOrId: string): Promise<void>;
  /** Why resources failed since a time, the first first. */
  listFailures(nameOrId: string, sinceMs: number): Promise<readonly string[]>;
  close(): void;
}

/** CloudFormation says it of a stack that is not there, and of an update that would change nothing (read 2026-11-30 in its API reference). */
const isAbsent = (error: unknown): boolean =>
  isError(error, "SERVICE_REFUSED") && /does not exist/i.test(error.details.message);
const isSame = (error: unknown): boolean =>
  isError(error, "SERVICE_REFUSED") && /no updates are to be performed/i.test(error.details.message);

/** What failed because something else did says nothing. */
const isConsequence = (reason: string): boolean => /^Resource (creation|update) cancelled/i.test(reason);

/** Opens CloudFormation. Close it after use. */
export function openStacks(connection: Connection): StackService {
  const client = new sdk.cloudformation.CloudFormationClient(makeClientOptions(connection));
  const toInput = ({ name, template, tags }: StackRequest) => ({
    StackName: name,
    TemplateBody: template,
    Capabilities: ["CAPABILITY_NAMED_IAM" as const],
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  return {
    async find(nameOrId) {
      try {
        return await calling("CloudFormation", "DescribeStacks", async () => {
          const { Stacks: [stack] = [] } = await client.send(
            new sdk.cloudformation.DescribeStacksCommand({ StackName: nameOrId }),
          );
          if (stack === undefined) return undefined;
          const outputs = (stack.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]);
          const { StackId: id = nameOrId, StackStatus: status = "" } = stack;
          return { id, status, outputs: Object.fromEntries(outputs) as Record<string, string> };
        });
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
    readTemplate: (name) =>
      calling("CloudFormation", "GetTemplate", async () => {
        const { TemplateBody = "" } = await client.send(
          new sdk.cloudformation.GetTemplateCommand({ StackName: name, TemplateStage: "Original" }),
        );
        return TemplateBody;
      }),
    create: (request) =>
      calling("CloudFormation", "CreateStack", async () => {
        const { StackId = request.name } = await client.send(
          new sdk.cloudformation.CreateStackCommand(toInput(request)),
        );
        return StackId;
      }),
    async update(request) {
      try {
        await calling("CloudFormation", "UpdateStack", () =>
          client.send(new sdk.cloudformation.UpdateStackCommand(toInput(request))),
        );
        return true;
      } catch (error) {
        if (isSame(error)) return false;
        throw error;
      }
    },
    async remove(nameOrId) {
      await calling("CloudFormation", "DeleteStack", () =>
        client.send(new sdk.cloudformation.DeleteStackCommand({ StackName: nameOrId })),
      );
    },
    listFailures: (nameOrId, sinceMs) =>
      calling("CloudFormation", "DescribeStackEvents", async () => {
        const found: string[] = [];
        let token: string | undefined;
        do {
          const page = await client.send(
            new sdk.cloudformation.DescribeStackEventsCommand({
              StackName: nameOrId,
              ...defined({ NextToken: token }),
            }),
          );
          const events = (page.StackEvents ?? []).filter(({ Timestamp }) => (Timestamp?.getTime() ?? 0) >= sinceMs);
          for (const { LogicalResourceId: name, ResourceStatus: status = "", ResourceStatusReason: reason } of events)
            if (status.endsWith("_FAILED") && reason !== undefined && !isConsequence(reason))
              found.push(`${name}: ${reason}`);
          // The newest come first: behind the first that is older nothing newer follows.
          token = events.length === (page.StackEvents ?? []).length ? page.NextToken : undefined;
        } while (token !== undefined);
        return found.reverse();
      }),
    close: () => client.destroy(),
  };
}

/** As much of CloudFormation as `deploy` asks for, over HTTP: it keeps stacks, and makes nothing of their templates. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface FakeStack {
  readonly id: string;
  status: string;
  template: string;
  readonly capabilities: string[];
  readonly tags: Record<string, string>;
  /** How often it still says that it is being worked on. */
  left: number;
  readonly events: { readonly name: string; readonly status: string; readonly reason: string }[];
}

export interface FakeCloudFormation {
  readonly url: string;
  readonly stacks: Map<string, FakeStack>;
  /** Actions in the order in which they came. */
  readonly calls: string[];
  /** The next stack that is made or changed fails for these reasons, by resource. */
  failNext(reasons: Readonly<Record<string, string>>): void;
}

const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

class Refused extends Error {}

/** For one test. @param busyLooks how often a stack says that it is being worked on */
export async function startFakeCloudFormation(busyLooks = 0): Promise<FakeCloudFormation> {
  const stacks = new Map<string, FakeStack>();
  const gone = new Map<string, FakeStack>();
  const calls: string[] = [];
  let failure: Readonly<Record<string, string>> | undefined;

  const get = (name: string): FakeStack => {
    const found = stacks.get(name) ?? [...stacks.values(), ...gone.values()].find(({ id }) => id === name);
    if (found === undefined) throw new Refused(`Stack with id ${name} does not exist`);
    return found;
  };
  const end = (stack: FakeStack, done: string, failed: string): void => {
    stack.left = busyLooks;
    stack.status = failure === undefined ? done : failed;
    for (const [name, reason] of Object.entries(failure ?? {}))
      stack.events.unshift({ name, status: "CREATE_FAILED", reason });
    failure = undefined;
  };
  const act = (params: URLSearchParams): string => {
    const name = params.get("StackName") ?? "";
    const template = params.get("TemplateBody") ?? "";
    switch (params.get("Action")) {
      case "DescribeStacks": {
        const stack = get(name);
        const status = stack.left > 0 ? "CREATE_IN_PROGRESS" : stack.status;
        stack.left = Math.max(0, stack.left - 1);
        const output = `<member><OutputKey>LogGroup</OutputKey><OutputValue>/aws/lambda/x</OutputValue></member>`;
        return `<Stacks><member><StackId>${stack.id}</StackId><StackName>x</StackName><CreationTime>2026-11-21T09:00:00Z</CreationTime><StackStatus>${status}</StackStatus><Outputs>${output}</Outputs></member></Stacks>`;
      }
      case "GetTemplate":
        return `<TemplateBody>${escape(get(name).template)}</TemplateBody>`;
      case "CreateStack": {
        if (stacks.has(name)) throw new Refused(`Stack [${name}] already exists`);
        const stack: FakeStack = {
          id: `arn:aws:cloudformation:us-east-1:123456789012:stack/${name}/${calls.length}`,
          ...{ status: "", template, left: 0, events: [] },
          capabilities: [...params].filter(([key]) => key.startsWith("Capabilities.member.")).map(([, value]) => value),
          tags: { [params.get("Tags.member.1.Key") ?? ""]: params.get("Tags.member.1.Value") ?? "" },
        };
        stacks.set(name, stack);
        end(stack, "CREATE_COMPLETE", "ROLLBACK_COMPLETE");
        return `<StackId>${stack.id}</StackId>`;
      }
      case "UpdateStack": {
        const stack = get(name);
        if (stack.template === template) throw new Refused("No updates are to be performed.");
        stack.template = template;
        end(stack, "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE");
        return `<StackId>${stack.id}</StackId>`;
      }
      case "DeleteStack": {
        const stack = get(name);
        for (const [key, each] of stacks) if (each === stack) stacks.delete(key);
        stack.status = "DELETE_COMPLETE";
        gone.set(stack.id, stack);
        return "";
      }
      case "DescribeStackEvents":
        return `<StackEvents>${get(name)
          .events.map(
            ({ name: resource, status, reason }) =>
              `<member><EventId>1</EventId><StackId>x</StackId><StackName>x</StackName><LogicalResourceId>${resource}</LogicalResourceId><Timestamp>${new Date().toISOString()}</Timestamp><ResourceStatus>${status}</ResourceStatus><ResourceStatusReason>${escape(reason)}</ResourceStatusReason></member>`,
          )
          .join("")}</StackEvents>`;
      default:
        throw new Refused(`Could not find operation ${params.get("Action")}`);
    }
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const params = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
      const action = params.get("Action") ?? "";
      calls.push(action);
      response.setHeader("content-type", "text/xml");
      try {
        const result = act(params);
        response.end(
          `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${result}</${action}Result></${action}Response>`,
        );
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        response.statusCode = 400;
        response.end(
          `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${escape(error.message)}</Message></Error></ErrorResponse>`,
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ stacks, calls },
    failNext(reasons) {
      failure = reasons;
    },
  };
}

/** What an IAM call is a right to: the resource of each operation ("Actions, resources, and condition keys for IAM"). */
import type { Rights } from "../operation.ts";
import { partitionOf } from "../partition.ts";
import type { WireRequest } from "../service.ts";
import { type Input, readTags } from "../wire/query-fields.ts";
import type { IamContext } from "./operation.ts";
import { makeTagKeys } from "./request-keys.ts";

type IamRights<A extends string> = Rights<Input, IamContext, WireRequest, A>;
type FindResource = (input: Input, context: IamContext, request: WireRequest) => string;

const makeRight =
  (findResource: FindResource) =>
  <const A extends string>(action: A): IamRights<A> => ({
    actions: [action],
    list: (input, context, request) => [
      {
        action,
        resource: findResource(input, context, request),
        // IAM is one for all Regions, and its calls are signed for this one.
        region: "us-east-1",
        keys: {
          "iam:PolicyARN": isOfIdentity(input) ? input.find("PolicyArn") : undefined,
          "iam:PermissionsBoundary": input.find("PermissionsBoundary"),
          ...makeTagKeys(readTags(input, "Tags")),
        },
      },
    ],
  });

const isOfIdentity = (input: Input): boolean =>
  input.find("RoleName") !== undefined || input.find("UserName") !== undefined;

const accountArn = ({ world }: IamContext): string => `arn:${partitionOf(world.region)}:iam::${world.accountId}`;
/** Of what is not there yet, or not any more. */
const makeArn = (kind: string, name: string, input: Input, context: IamContext): string =>
  `${accountArn(context)}:${kind}${input.find("Path") ?? "/"}${name}`;

export const toRole = makeRight((input, context) => {
  const name = input.get("RoleName");
  return context.store.findRole(name)?.arn ?? makeArn("role", name, input, context);
});

/** To the caller where no user is named. */
export const toUser = makeRight((input, context, { caller }) => {
  const name = input.find("UserName");
  if (name === undefined) return caller.arn;
  return context.store.listUsers().find((user) => user.name === name)?.arn ?? makeArn("user", name, input, context);
});

export const toPolicy = makeRight((input) => input.get("PolicyArn"));

export const toNewPolicy = makeRight((input, context) => makeArn("policy", input.get("PolicyName"), input, context));

/** To the user or role that is asked about. */
export const toSource = makeRight((input) => input.get("PolicySourceArn"));

/** To what lies under a path: AWS's messages are known to name it so. */
export const toPath = <const A extends string>(action: A, kind: "role/" | "user/" | "policy path /"): IamRights<A> =>
  makeRight((_input, context) => (kind === "policy path /" ? kind : `${accountArn(context)}:${kind}`))(action);

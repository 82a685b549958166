import { partitionOf } from "../../partition.ts";
import { QueryError } from "../../wire/query-error.ts";
import { form, readTags } from "../../wire/query-fields.ts";
import { writeUser } from "../answer.ts";
import { kept, newUserName, path, policyArn, tags } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { toUser } from "../rights.ts";
import { makeIamId, type User } from "../store.ts";

/** Makes a user who has no key yet and may do nothing. */
export const createUser = defineOperation({
  name: "CreateUser",
  wire: "action",
  input: form({
    Path: path,
    UserName: newUserName,
    PermissionsBoundary: { ...policyArn, isRequired: false },
    Tags: tags,
  }),
  rights: toUser("iam:CreateUser"),
  notes: { served: kept },
  async act(input, { store, world, administrator }) {
    const name = input.get("UserName");
    const taken = [administrator.name, ...store.listUsers().map((user) => user.name)];
    if (taken.some((each) => each.toLowerCase() === name.toLowerCase()))
      throw new QueryError("EntityAlreadyExists", 409, `User with name ${name} already exists.`);
    const userPath = input.find("Path") ?? "/";
    const boundaryArn = input.find("PermissionsBoundary");
    const user: User = {
      name,
      path: userPath,
      id: makeIamId("AIDA", world.random),
      arn: `arn:${partitionOf(world.region)}:iam::${world.accountId}:user${userPath}${name}`,
      createdAtMs: world.clock.nowMs(),
      tags: readTags(input, "Tags"),
      inline: {},
      attached: [],
      keys: [],
      ...(boundaryArn !== undefined && { boundaryArn }),
    };
    await store.saveUser(user);
    return writeUser(user, "full");
  },
});

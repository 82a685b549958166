/** DeleteAlias: a name goes, its key stays. */
import { Refusal } from "../../wire/refusal.ts";
import { aliasName, defineOperation } from "../operation.ts";
import { toAlias } from "../rights.ts";

export const deleteAlias = defineOperation({
  name: "DeleteAlias",
  wire: "target",
  input: { type: "structure", members: { AliasName: { shape: aliasName, required: true } } },
  rights: toAlias("kms:DeleteAlias"),
  notes: {
    served: "the key stays",
  },
  async act(given, { store }, { region }) {
    const alias = store.listAliases(region).find(({ name }) => name === given.AliasName);
    if (alias === undefined) throw new Refusal("NotFoundException", `Alias ${given.AliasName} is not found.`);
    await store.removeAlias(alias.arn);
    return {};
  },
});

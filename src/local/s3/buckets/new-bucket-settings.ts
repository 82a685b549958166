/** The settings of a bucket that was told none. */
import { publicAccessFlags } from "../access/public-access.ts";
import { writeSettingDocument } from "./setting.ts";

/** All public access blocked, and its owner owning what others put (both since April 2023). */
export const newBucketSettings = (ownership: string): Readonly<Record<string, string>> => ({
  publicAccessBlock: writeSettingDocument(
    "PublicAccessBlockConfiguration",
    publicAccessFlags.map((name) => `<${name}>true</${name}>`).join(""),
  ),
  ownershipControls: writeSettingDocument(
    "OwnershipControls",
    `<Rule><ObjectOwnership>${ownership}</ObjectOwnership></Rule>`,
  ),
});

/** The families that are built, by name. */
import type { Family } from "../family.ts";
import type { FamilyName } from "../model.ts";
import { anthropicMessages } from "./anthropic-messages.ts";

const families: Readonly<Partial<Record<FamilyName, Family>>> = {
  "anthropic-messages": anthropicMessages,
};

/** The family of that name, or undefined where its body is not built here. */
export const findFamily = (name: FamilyName): Family | undefined => families[name];

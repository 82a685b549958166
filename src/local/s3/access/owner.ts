/**
 * The owner of everything here, as S3 names accounts: by a canonical id of 64 hex digits. No display name: AWS stopped sending it in
 * 2025 (S3 API reference, Owner; known, not read again).
 */
import { createHash } from "node:crypto";
import { element, leaf, type Markup } from "../../wire/xml.ts";

export const canonicalId = (accountId: string): string =>
  createHash("sha256").update(`account ${accountId}`).digest("hex");

export const writeOwner = (accountId: string, name = "Owner"): Markup =>
  element(name, leaf("ID", canonicalId(accountId)));

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { MediaKind } from "../foundation/types/index.ts";
import { type InspectedMedia, inspectMedia } from "./inspect-media.ts";

/** Where a prompt's pictures and documents are looked for. */
export interface MediaPlace {
  /** What paths are relative to: a folder, or `s3://bucket/folder`. */
  readonly base: string;
  /** Writes an object of S3 to a file; resolves to false where there is none. */
  readonly fetchObject: (uri: string, target: string) => Promise<boolean>;
}

/** What a prompt names a file by: a path, an `s3://` or `data:` address, or bytes that lie in the store already. */
export type MediaSource = string | { readonly stored: string };

/** A file in the store. */
export interface StoredMedia extends InspectedMedia {
  readonly sha256: string;
}

/** A file, or why it cannot be sent: words that follow its name. */
export type FoundMedia = { readonly media: StoredMedia } | { readonly problem: string };

/** No model takes a larger file in a request. */
const maxFileBytes = 64 * 1024 * 1024;
/** Sources that are remembered: pictures that many rows share are read once. */
const rememberedCount = 20_000;

/** The pictures and documents of a run as they were at the plan, by the hashes of their contents: each is there once. */
export class MediaStore {
  readonly folder: string;
  readonly #place: MediaPlace;
  readonly #known = new Map<string, FoundMedia>();
  fileCount = 0;
  sizeBytes = 0;

  /** @param folder made when it is needed */
  constructor(folder: string, place: MediaPlace) {
    this.folder = folder;
    this.#place = place;
  }

  /** Puts bytes into the store. @returns their hash */
  put(bytes: Uint8Array): string {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const path = join(this.folder, sha256);
    if (existsSync(path)) return sha256;
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(path, bytes, { mode: 0o600 });
    this.fileCount += 1;
    this.sizeBytes += bytes.length;
    return sha256;
  }

  /** Finds out what a file is, and keeps it as it is now. */
  async find(source: MediaSource, kind: MediaKind): Promise<FoundMedia> {
    const key = `${kind}\n${typeof source === "string" ? source : `\n${source.stored}`}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = await this.#read(source, kind);
    if (this.#known.size >= rememberedCount) this.#known.clear();
    this.#known.set(key, found);
    return found;
  }

  async #read(source: MediaSource, kind: MediaKind): Promise<FoundMedia> {
    if (typeof source !== "string") return this.#inspect(readFileSync(join(this.folder, source.stored)), kind, "");
    if (source.trim() === "") return { problem: "no file is named" };
    const data = /^data:[^,]*;base64,([A-Za-z0-9+/=\s]*)$/.exec(source)?.[1];
    if (data !== undefined) return this.#inspect(Buffer.from(data, "base64"), kind, "");
    if (/^data:/i.test(source)) return { problem: "is no data: address in base64" };
    if (/^https?:\/\//i.test(source))
      return { problem: "is a web address: download it first, and name the file; nothing is fetched from the web" };
    const { base } = this.#place;
    if (source.startsWith("s3://")) return this.#fetch(source, kind);
    if (base.startsWith("s3://") && !isAbsolute(source))
      return this.#fetch(`${base.replace(/\/*$/, "/")}${source.replace(/^\.\//, "")}`, kind);
    return this.#readFile(source.startsWith("file://") ? fileURLToPath(source) : resolve(base, source), kind, source);
  }

  #readFile(path: string, kind: MediaKind, name: string): FoundMedia {
    try {
      const { size } = statSync(path);
      if (size > maxFileBytes) return { problem: `has ${describeSize(size)}; no model takes so much` };
      return this.#inspect(readFileSync(path), kind, name);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return { problem: `is not there (${path})` };
      if (code === "EISDIR") return { problem: "is a folder" };
      if (code === "EACCES") return { problem: "may not be read" };
      throw error;
    }
  }

  async #fetch(uri: string, kind: MediaKind): Promise<FoundMedia> {
    mkdirSync(this.folder, { recursive: true });
    const target = join(this.folder, "fetched");
    try {
      if (!(await this.#place.fetchObject(uri, target))) return { problem: `is not there (${uri})` };
      return this.#readFile(target, kind, uri);
    } finally {
      rmSync(target, { force: true });
    }
  }

  #inspect(bytes: Buffer, kind: MediaKind, name: string): FoundMedia {
    const inspection = inspectMedia(bytes, kind, name);
    return "problem" in inspection ? inspection : { media: { ...inspection.found, sha256: this.put(bytes) } };
  }
}

/** A size in words: `3.8 MB`. */
export const describeSize = (sizeBytes: number): string =>
  sizeBytes < 1024 * 1024
    ? `${Math.max(1, Math.round(sizeBytes / 1024)).toLocaleString("en-US")} KB`
    : `${(sizeBytes / 1024 / 1024).toFixed(1).replace(/\.0$/, "")} MB`;

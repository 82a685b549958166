import type { BodiesSummary, Effort, JsonSchema, Thinking } from "../foundation/types/index.ts";
import type { TemplatePart } from "./template.ts";

/** What a prompt says besides its text; what it leaves out is decided elsewhere. */
export interface PromptSettings {
  readonly model?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stopSequences?: readonly string[];
  readonly system?: string;
  /** The shape that answers are to have. */
  readonly output?: JsonSchema;
  readonly thinking?: Thinking;
  readonly effort?: Effort;
  /** The length of a vector, for embedding models. */
  readonly dimensions?: number;
}

/** A row as a prompt function sees it: every cell as text, NULL as the empty text. */
export type TextRow = Readonly<Record<string, string>>;

/** A picture or a document of a prompt: a path, relative to the table, an `s3://` or `data:` address, its bytes, or the cell of a column of bytes. */
export type FileSource = string | Uint8Array;

/** A part of what a prompt function returns. A string is a text. */
export type PromptPart =
  | string
  | { readonly text: string }
  | { readonly image: FileSource }
  | { readonly document: FileSource; readonly name?: string };

/** What a prompt function returns: the text to send, or parts with pictures and documents, or `null` to skip the row. */
export type PromptResult = string | PromptPart | readonly PromptPart[] | null;

/** What is asked of every row. */
export type Prompt = TemplatePrompt | FunctionPrompt | RawPrompt;

/** A prompt with placeholders. */
export interface TemplatePrompt {
  readonly kind: "template";
  /** The file it was read from, or `--prompt`. */
  readonly source: string;
  /** As written; line ends are LF, whatever the file has. */
  readonly text: string;
  /** The text as older versions took it, where the file has other line ends: their answers are found under it. */
  readonly formerText?: string;
  readonly parts: readonly TemplatePart[];
  readonly settings: PromptSettings;
  /** The files that it was read from, a schema's included; none where it was given on the command line. */
  readonly files?: readonly string[];
}

/** A prompt that a function makes. */
export interface FunctionPrompt {
  readonly kind: "function";
  readonly source: string;
  /** The text of its file, for the fingerprint; line ends are LF, whatever the file has. */
  readonly text: string;
  /** The same as older versions took it, where the file has other line ends. */
  readonly formerText?: string;
  readonly render: (row: TextRow) => unknown;
  /** Stands before what the function gives for a row, with an empty line between; rows that share a request share it. */
  readonly shared?: string;
  /** A program made the function: what it closes over is not in its text, so that the rendered prompts decide what is the same. */
  readonly isClosure?: true;
  readonly settings: PromptSettings;
  /** The files that it was read from, a schema's included. */
  readonly files?: readonly string[];
}

/** The table has ready bodies: nothing is asked but what stands there. */
export interface RawPrompt {
  readonly kind: "raw";
  /** `--raw`, or the table's path where its first line told. */
  readonly source: string;
  /** The column that holds the bodies. */
  readonly column: string;
  /** For the fingerprint. */
  readonly text: string;
  readonly settings: PromptSettings;
  /** The schema's file, where the answers' shape was read from one. */
  readonly files?: readonly string[];
  /** Set where every body was checked against its model already. */
  readonly checked?: BodiesSummary;
}

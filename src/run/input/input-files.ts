/** A file of an input, as it was listed. */
export interface InputFile {
  /** `s3://bucket/key`, or a path of this disk. */
  readonly uri: string;
  readonly sizeBytes: number;
  /** Where a manifest or the file's own end says so. */
  readonly rowCount?: number;
  /** Where a copy of it is on this disk already. */
  readonly path?: string;
}

/** The files of an input, in the order of their rows. */
export interface InputFiles {
  readonly list: readonly InputFile[];
  /** Columns whose values stand in the folders of the files. */
  readonly pathNames: readonly string[];
}

/** How a table is written that is a list of files. */
export const manifestMark = "manifest:";

/** Letters of a pattern. In a key of S3 they may stand for themselves, which nobody writes. */
const patternLetter = /[*?[{]/;

/** Whether a table is a list of files, which has to be read or asked for before any of them is opened. */
export const isListed = (table: string): boolean =>
  table.startsWith(manifestMark) || (table.startsWith("s3://") && patternLetter.test(table));

/** The part of a pattern before its first letter that stands for others, up to a slash. */
export const findPlainStart = (pattern: string): string =>
  pattern.slice(0, pattern.slice(0, pattern.search(patternLetter)).lastIndexOf("/") + 1);

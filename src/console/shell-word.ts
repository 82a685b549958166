/**
 * A word of a command line as a shell takes it. Names and values of data stand in commands that people copy: in double quotes, or without
 * quotes, a shell would run what they say.
 */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

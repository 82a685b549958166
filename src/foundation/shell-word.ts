/** A word of a command line as a shell takes it: quoted where it has more than letters, digits and what no shell reads. */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

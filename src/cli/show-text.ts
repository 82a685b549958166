/**
 * What a terminal would obey instead of show: C0 controls but tab and line feed, DEL, C1 controls (ECMA-48), and the characters that
 * reverse the order of others (Unicode Bidirectional Algorithm, "Trojan Source").
 */
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

const hexOf = (letter: string, digits: number): string => letter.charCodeAt(0).toString(16).padStart(digits, "0");

/** A text of whatever origin as a terminal may have it: control characters are written as `\x1b`, and line ends are LF. */
export function showText(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(obeyed, (letter) => (letter.charCodeAt(0) < 0x100 ? `\\x${hexOf(letter, 2)}` : `\\u${hexOf(letter, 4)}`));
}

/** A JSON text in which no control character stands as itself: the same document, as JSON escapes any character of a text. */
export function showJson(json: string): string {
  return json.replace(obeyed, (letter) => `\\u${hexOf(letter, 4)}`);
}

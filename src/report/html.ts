const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML that says the same and does nothing, between tags and in an attribute; control characters are shown as a mark. */
export const escapeHtml = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

/** HTML that is ready: what is put into a page without it is escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | undefined | readonly Part[];

const join = (part: Part): string => {
  if (part === undefined) return "";
  if (part instanceof Html) return part.text;
  return Array.isArray(part) ? part.map(join).join("") : escapeHtml(String(part));
};

/** A template of HTML: everything that is put in is escaped, unless it is HTML already. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(texts.map((text, index) => text + join(parts[index])).join(""));

/** The beginning of a long text, up to a word's end. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  // Not in the middle of a letter that is two halves.
  return `${cut.replace(/[\ud800-\udbff]$/, "").replace(/\s+\S{0,30}$/, "")} …`;
}

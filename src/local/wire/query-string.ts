/** The query of a URL, or a form: pairs joined with `&`, percent-encoded, `+` for a space. */

/** @throws URIError where a percent sign is not followed by two hex digits, or the bytes are not UTF-8 */
export function parseQuery(query: string): Map<string, string> {
  const params = new Map<string, string>();
  if (query === "") return params;
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    const value = equals < 0 ? "" : pair.slice(equals + 1);
    params.set(decode(name), decode(value));
  }
  return params;
}

const decode = (text: string): string => (/[%+]/.test(text) ? decodeURIComponent(text.replaceAll("+", " ")) : text);

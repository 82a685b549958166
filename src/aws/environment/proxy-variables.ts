/** Variables with which a company's network is described; in lower case they mean the same, but for the certificates. */
export const proxyVariables = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] as const;

/** A variable of the environment in either case; the empty text is none. */
export const readVariable = (name: string): string | undefined =>
  process.env[name.toLowerCase()] || process.env[name] || undefined;

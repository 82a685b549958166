/** What must not be shown, by its form; the name before it stays, so that a reader knows what was there. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // Signed URLs, of both signature versions.
  [/((?:X-Amz-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|(?<=[?&])Signature)=)[^&\s"'<>]+/gi, "$1…"],
  // An Authorization header.
  [/(AWS4-HMAC-SHA256 Credential=)\S+?(,? ?SignedHeaders=\S+?,? ?Signature=)[0-9a-f]+/gi, "$1…$2…"],
  [/\b(Bearer )[\w.~+/=-]{12,}/g, "$1…"],
  // Names and passwords in a URL.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s"'@]+@/gi, "$1…@"],
  // Keys as configuration files and JSON write them.
  [
    /((?:aws_?)?(?:secret_?access_?key|session_?token|security_?token|bearer_?token\w*)["']?\s*[=:]\s*["']?)[^\s"',;}]+/gi,
    "$1…",
  ],
  // An access key id is no secret alone, but half of one.
  [/\b(A[KS]IA)[A-Z0-9]{16}\b/g, "$1…"],
];

/**
 * Takes keys, tokens, passwords and signatures out of a text that is shown or kept.
 * @param known secrets as they are, where they are known; short ones are left, as they stand in ordinary words
 */
export function hideSecrets(text: string, known: readonly (string | undefined)[] = []): string {
  const shown = patterns.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
  return known.reduce<string>(
    (rest, secret) => (secret === undefined || secret.length < 8 ? rest : rest.replaceAll(secret, "…")),
    shown,
  );
}

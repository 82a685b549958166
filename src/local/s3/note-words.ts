/** Data: notes that several operations share. */
export const kept = "kept and given back; nothing acts on it";
export const conditions = "If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since";
export const bodyChecks =
  "length, Content-MD5, x-amz-content-sha256, CRC32, CRC32C, CRC64NVME, SHA1, SHA256, chunk signatures; nothing is kept of a body that does not hold";

/**
 * In which part each record of a shard is. Takes about nine bytes a record, where a Map of texts takes over a hundred: slots
 * hold a hash of 32 bits, and the few records whose hash is taken stand beside them by their ids. A record that was never added
 * may be taken for one that was; those that were added are always told apart.
 */
export class RecordParts {
  readonly #hashes: Uint32Array;
  /** 0 where a slot is free; else the part, from 1. */
  readonly #parts: Uint16Array;
  /** Records with the hash of another. */
  readonly #others = new Map<string, number>();

  /** @param recordCount how many are added at most */
  constructor(recordCount: number) {
    const slotCount = Math.ceil(recordCount * 1.5) + 1;
    this.#hashes = new Uint32Array(slotCount);
    this.#parts = new Uint16Array(slotCount);
  }

  /** @param part from 0, below 65,535 */
  add(id: string, part: number): void {
    const hash = hashText(id);
    const slot = this.#find(hash);
    if (this.#parts[slot] !== 0) {
      this.#others.set(id, part);
      return;
    }
    this.#hashes[slot] = hash;
    this.#parts[slot] = part + 1;
  }

  get(id: string): number | undefined {
    const other = this.#others.size === 0 ? undefined : this.#others.get(id);
    if (other !== undefined) return other;
    const part = this.#parts[this.#find(hashText(id))] ?? 0;
    return part === 0 ? undefined : part - 1;
  }

  /** The slot with a hash, or the free one where it would stand; one is always free. */
  #find(hash: number): number {
    const slotCount = this.#hashes.length;
    let slot = hash % slotCount;
    while (this.#parts[slot] !== 0 && this.#hashes[slot] !== hash) slot = slot + 1 === slotCount ? 0 : slot + 1;
    return slot;
  }
}

/** FNV-1a over the text's units, with 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

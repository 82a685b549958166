/**
 * Values by key, in the order of the keys' UTF-8 bytes: what a listing walks. Keys lie in blocks of a few hundred, so that
 * a bucket of a million keys takes a new one as fast as an empty one.
 */

const blockLimit = 512;

/**
 * A key with its code units moved so that comparing them gives the order of UTF-8 bytes: surrogates, which stand for the
 * highest characters, go above U+E000 to U+FFFF. One unit stays one unit, so prefixes stay prefixes.
 */
export function sortableKey(key: string): string {
  if (!/[\ud800-\uffff]/.test(key)) return key;
  let moved = "";
  for (let i = 0; i < key.length; i += 1) {
    const unit = key.charCodeAt(i);
    moved += String.fromCharCode(unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
  }
  return moved;
}

/** Comes after every key that starts with the prefix: no first unit of a character is moved this high. */
const afterPrefix = (prefix: string): string => `${sortableKey(prefix)}\uffff`;

export interface Keyed {
  readonly key: string;
}

interface Item<T> {
  readonly sortable: string;
  readonly value: T;
}

export class SortedKeys<T extends Keyed> {
  readonly #byKey = new Map<string, T>();
  /** Never an empty block. */
  readonly #blocks: Item<T>[][] = [];

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  set(value: T): void {
    const isNew = !this.#byKey.has(value.key);
    this.#byKey.set(value.key, value);
    const item = { sortable: sortableKey(value.key), value };
    const blockAt = this.#findBlock(item.sortable);
    const block = this.#blocks[blockAt];
    if (block === undefined) {
      const last = this.#blocks.at(-1);
      if (last === undefined) this.#blocks.push([item]);
      else last.push(item);
      this.#split(this.#blocks.length - 1);
      return;
    }
    block.splice(findFirst(block, item.sortable), isNew ? 0 : 1, item);
    this.#split(blockAt);
  }

  delete(key: string): void {
    if (!this.#byKey.delete(key)) return;
    const sortable = sortableKey(key);
    const blockAt = this.#findBlock(sortable);
    const block = this.#blocks[blockAt];
    if (block === undefined) return;
    block.splice(findFirst(block, sortable), 1);
    if (block.length === 0) this.#blocks.splice(blockAt, 1);
  }

  values(): IterableIterator<T> {
    return this.#byKey.values();
  }

  /** The first value whose key is `key` or after it. */
  findFrom(key: string): T | undefined {
    return this.#findFrom(sortableKey(key));
  }

  /** The first value whose key comes after `key`. */
  findAfter(key: string): T | undefined {
    // Nothing lies between a key and the same key with a NUL behind it.
    return this.#findFrom(`${sortableKey(key)}\u0000`);
  }

  /** The first value whose key comes after all that start with `prefix`. */
  findAfterPrefix(prefix: string): T | undefined {
    return this.#findFrom(afterPrefix(prefix));
  }

  #findFrom(sortable: string): T | undefined {
    const block = this.#blocks[this.#findBlock(sortable)];
    return block?.[findFirst(block, sortable)]?.value;
  }

  /** The first block whose last key is not before. */
  #findBlock(sortable: string): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = this.#blocks[middle]?.at(-1);
      if (last !== undefined && last.sortable < sortable) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #split(at: number): void {
    const block = this.#blocks[at];
    if (block === undefined || block.length <= blockLimit) return;
    this.#blocks.splice(at + 1, 0, block.splice(block.length >>> 1));
  }
}

/** Where the first item lies that is not before. */
function findFirst<T>(block: readonly Item<T>[], sortable: string): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = block[middle];
    if (item !== undefined && item.sortable < sortable) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a model gets wrong about the items of a request with several rows, at given rates. */
import type { PackedItem } from "../answers/packed-ask.ts";
import { drawChance } from "./chance.ts";
import { type PackedRates, packedFaults } from "./read-behaviour.ts";

type Fault = (typeof packedFaults)[number];

/**
 * Disturbs the items of an answer; each item has at most one fault of its own. `drop`: it is left out. `double`: it comes twice. `reorder`: it
 * comes at the end. `exchange`: it has the content of another, which has its. `merge`: it becomes one with the next, under both keys.
 * @param words what the chances hang on: the same request is always disturbed alike
 */
export function disturbItems(items: readonly PackedItem[], rates: PackedRates, words: string): PackedItem[] {
  const exchanged = exchange(items, rates.exchange, words);
  const kept: PackedItem[] = [];
  const moved: PackedItem[] = [];
  for (let at = 0; at < exchanged.length; at++) {
    const item = exchanged[at] as PackedItem;
    switch (pickFault(rates, drawChance(words, at))) {
      case "drop":
        break;
      case "double":
        kept.push(item, item);
        break;
      case "reorder":
        moved.push(item);
        break;
      case "merge": {
        const next = exchanged[at + 1];
        kept.push(next === undefined ? item : { ...item, key: `${item.key}, ${next.key}` });
        at++;
        break;
      }
      default:
        kept.push(item);
    }
  }
  return [...kept, ...moved];
}

function pickFault(rates: PackedRates, chance: number): Fault | undefined {
  let until = 0;
  return packedFaults.find((name) => {
    if (name === "exchange") return false;
    until += rates[name];
    return chance < until;
  });
}

/** Both sides of an exchange have the other's content, so that half as many begin one. */
function exchange(items: readonly PackedItem[], rate: number, words: string): readonly PackedItem[] {
  if (rate === 0 || items.length < 2) return items;
  const contents = items.map(({ content }) => content);
  for (const at of items.keys()) {
    if (drawChance(words, "exchange", at) >= rate / 2) continue;
    const other = (at + 1 + Math.floor(drawChance(words, "with", at) * (items.length - 1))) % items.length;
    [contents[at], contents[other]] = [contents[other] as PackedItem["content"], contents[at] as PackedItem["content"]];
  }
  return items.map(({ key }, at) => ({ key, content: contents[at] as PackedItem["content"] }));
}

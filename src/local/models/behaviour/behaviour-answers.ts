/**
 * Answers of models that are described: each gives the right label of a row of a gold table as often as its file says, and a wrong one
 * else; the same request always gets the same answer. What is no row of the table is simulated as ever.
 */
import type { Answers } from "../answers/answers.ts";
import { type Actor, simulateAnswer } from "../answers/simulation.ts";
import type { Model } from "../model.ts";
import { hashText } from "../seed.ts";
import { drawChance } from "./chance.ts";
import { makeRowFinder, type RowFinder } from "./find-row.ts";
import { disturbItems } from "./packed-faults.ts";
import type { Behaviour, ModelRates } from "./read-behaviour.ts";

export function makeBehaviourAnswers(behaviour: Behaviour): Answers {
  const find = makeRowFinder(behaviour.gold);
  const actors = new Map<string, Actor>();
  const actorOf = (model: Model): Actor => {
    const known = actors.get(model.id) ?? makeActor(behaviour, model.id, find);
    actors.set(model.id, known);
    return known;
  };
  return {
    concurrency: 1,
    reply: (ask, model) => simulateAnswer(ask, model === undefined ? undefined : actorOf(model)),
  };
}

function makeActor({ gold, labels, labelColumn, models, packed, seed }: Behaviour, id: string, find: RowFinder): Actor {
  const rates = models.get(id);
  const answer = (text: string | undefined): string | undefined => {
    const label = text === undefined ? undefined : gold.get(text);
    if (text === undefined || label === undefined || rates === undefined) return undefined;
    return isRight(rates, label, drawChance(seed, id, text))
      ? label
      : pickOther(labels, label, drawChance(seed, id, "other", text));
  };
  return {
    labelColumn,
    labelOf: (prompt) => (rates === undefined ? undefined : answer(find(prompt))),
    labelOfCells: (cells) => answer(cells.find((cell) => gold.has(cell))),
    disturb: (items, words) => disturbItems(items, packed, `${seed} ${id} ${hashText(words)}`),
  };
}

const isRight = ({ accuracy, perClass }: ModelRates, label: string, chance: number): boolean =>
  chance < (Object.hasOwn(perClass, label) ? (perClass[label] ?? accuracy) : accuracy);

/** A wrong label; the only one where there is no other. */
function pickOther(labels: readonly string[], label: string, chance: number): string {
  const others = labels.length - 1;
  const at = labels.indexOf(label) + 1 + Math.floor(chance * others);
  return labels[at % labels.length] ?? label;
}

import { HalfpriceError } from "../foundation/errors/index.ts";
import type { AskedTarget, Figure, Figures, labelFigures, Target, wholeFigures } from "../foundation/types/index.ts";

/** Whether figures are as good as was asked: even at the low end of what they may be. @throws BAD_OPTIONS for a label that is not there */
export function checkTargets(targets: readonly AskedTarget[], figures: Figures): Target[] {
  return targets.map(({ name, least }) => {
    const figure = findFigure(name, figures);
    if (figure === undefined) {
      const problems = [`--at-least asks for ${name}; neither gold nor the answers have that label`];
      throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice eval" });
    }
    return { name, least, figure, isMet: figure.low !== null && figure.low >= least };
  });
}

function findFigure(name: string, figures: Figures): Figure | undefined {
  const [kind = "", ...rest] = name.split(":");
  if (rest.length === 0) return figures[kind as (typeof wholeFigures)[number]];
  const label = rest.join(":");
  return Object.hasOwn(figures.perClass, label)
    ? figures.perClass[label]?.[kind as (typeof labelFigures)[number]]
    : undefined;
}

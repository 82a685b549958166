import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Figure, Figures, Target } from "../foundation/types/index.ts";

const whole = ["accuracy", "kappa", "macroF1", "weightedF1", "microPrecision", "microRecall", "microF1"] as const;
const ofLabel = ["precision", "recall", "f1"] as const;

/** A figure and the least that it has to be. */
export interface AskedTarget {
  readonly name: string;
  readonly least: number;
}

/** `accuracy=0.92`, `macroF1=0.8`, `recall:fraud=0.95`. @throws BAD_OPTIONS */
export function parseTargets(texts: readonly string[]): AskedTarget[] {
  const problems: string[] = [];
  const targets = texts.map((text) => {
    const at = text.lastIndexOf("=");
    const [name, value] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1).trim()];
    const least = value === "" ? Number.NaN : Number(value);
    const isKnown = (whole as readonly string[]).includes(name) || ofLabel.some((each) => name.startsWith(`${each}:`));
    if (!isKnown)
      problems.push(
        `--at-least is ${JSON.stringify(text)}; it has to be a figure and a number, as accuracy=0.92: ${whole.join(", ")}, ${ofLabel.map((each) => `${each}:LABEL`).join(", ")}`,
      );
    else if (!(least >= -1 && least <= 1))
      problems.push(`--at-least is ${JSON.stringify(text)}; its number has to be between 0 and 1, as in ${name}=0.9`);
    return { name, least };
  });
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice eval" });
  return targets;
}

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
  if (rest.length === 0) return figures[kind as (typeof whole)[number]];
  const label = rest.join(":");
  return Object.hasOwn(figures.perClass, label)
    ? figures.perClass[label]?.[kind as (typeof ofLabel)[number]]
    : undefined;
}

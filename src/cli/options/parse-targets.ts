import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type AskedTarget, labelFigures, wholeFigures } from "../../foundation/types/index.ts";

/** `accuracy=0.92`, `macroF1=0.8`, `recall:fraud=0.95`. @throws BAD_OPTIONS */
export function parseTargets(texts: readonly string[]): AskedTarget[] {
  const problems: string[] = [];
  const targets = texts.map((text) => {
    const at = text.lastIndexOf("=");
    const [name, value] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1).trim()];
    const least = value === "" ? Number.NaN : Number(value);
    const isKnown =
      (wholeFigures as readonly string[]).includes(name) || labelFigures.some((each) => name.startsWith(`${each}:`));
    if (!isKnown)
      problems.push(
        `--at-least is ${JSON.stringify(text)}; it has to be a figure and a number, as accuracy=0.92: ${wholeFigures.join(", ")}, ${labelFigures.map((each) => `${each}:LABEL`).join(", ")}`,
      );
    else if (!(least >= -1 && least <= 1))
      problems.push(`--at-least is ${JSON.stringify(text)}; its number has to be between 0 and 1, as in ${name}=0.9`);
    return { name, least };
  });
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice eval" });
  return targets;
}

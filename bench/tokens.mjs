// How far the estimate of tokens is from counts that the real service reported, maker by maker: node bench/tokens.mjs
import { tokenFigures } from "../build/models/rules/token-figures.js";
import { estimateInput, findTokenRule } from "../build/models/rules/token-rules.js";

const makers = [...new Set(tokenFigures.map(({ model }) => model.split(".")[0]))];
console.log("| maker | counts | mean error | largest | inside the interval |\n|---|---|---|---|---|");
for (const maker of makers) {
  const own = tokenFigures
    .filter(({ model }) => model.startsWith(`${maker}.`))
    .map(({ model, kind, letters, tokens }) => {
      const rule = findTokenRule(model);
      const frameTokens = kind === "request" ? rule.frameTokens : { low: 0, expected: 0, high: 0 };
      const { low, expected, high } = estimateInput({ ...rule, frameTokens }, 1, letters / rule.lettersPerToken);
      return { error: Math.abs(expected / tokens - 1), isInside: low <= tokens && tokens <= high };
    });
  const percent = (ratio) => `${Math.round(ratio * 100)} %`;
  const mean = own.reduce((sum, { error }) => sum + error, 0) / own.length;
  const largest = Math.max(...own.map(({ error }) => error));
  const inside = own.filter(({ isInside }) => isInside).length;
  console.log(`| ${maker} | ${own.length} | ${percent(mean)} | ${percent(largest)} | ${inside} of ${own.length} |`);
}

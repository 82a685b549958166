/** Reads the number of an option; undefined where there is none, or it is no such number. */
export type ReadNumber = (
  option: string,
  text: string | undefined,
  low: number,
  high: number,
  whole: boolean,
) => number | undefined;

/** Reads numbers of options, and adds to the problems where a text is none within its bounds. */
export function makeReadNumber(problems: string[]): ReadNumber {
  return (option, text, low, high, whole) => {
    if (text === undefined) return undefined;
    const value = Number(text);
    const fits = text.trim() !== "" && value >= low && value <= high && (!whole || Number.isSafeInteger(value));
    if (fits) return value;
    const bounds = high === Infinity ? `from ${low}` : `from ${low} to ${high}`;
    problems.push(
      `${option} is ${JSON.stringify(text)}; it has to be a ${whole ? "whole number" : "number"} ${bounds}`,
    );
    return undefined;
  };
}

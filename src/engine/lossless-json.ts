import { createRequire } from "node:module";
import type { LosslessNumber } from "lossless-json";

const require = createRequire(import.meta.url);
/** Loaded with the first text that has a long number: few have one. */
const load = () => require("lossless-json") as typeof import("lossless-json");

/** A value of JSON text, whose numbers keep every digit as LosslessNumber. @throws SyntaxError */
export const parseLossless = (text: string): unknown => load().parse(text);

/** JSON text of a value, lossless numbers with all of their digits; undefined for what JSON has no text for. */
export const stringifyLossless = (value: unknown): string | undefined => load().stringify(value);

/** Whether a value is a number that keeps its digits. */
export const isLosslessNumber = (value: unknown): value is LosslessNumber => load().isLosslessNumber(value);

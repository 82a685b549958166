import { type Html, html } from "../html.ts";

/** A table that scrolls by itself where it is too wide. @param heads each with whether its cells are numbers */
export function makeTable(
  heads: readonly (readonly [head: string, isNumber?: true])[],
  rows: readonly (readonly (string | Html)[])[],
): Html {
  const kind = (index: number): string => (heads[index]?.[1] === true ? "number" : "");
  const head = heads.every(([each]) => each === "")
    ? undefined
    : html`<tr>${heads.map(([each], index) => html`<th class="${kind(index)}">${each}</th>`)}</tr>`;
  const body = rows.map(
    (row) => html`<tr>${row.map((cell, index) => html`<td class="${kind(index)}" dir="auto">${cell}</td>`)}</tr>`,
  );
  return html`<div class="scroll"><table>${head}${body}</table></div>`;
}

/** Names and what they are, one below the other. */
export const makeFacts = (facts: readonly (readonly [name: string, value: string])[]): Html =>
  html`<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd dir="auto">${value}</dd>`)}</dl>`;

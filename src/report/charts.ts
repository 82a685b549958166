import { formatCount, sayShare } from "../foundation/format.ts";
import type { Bin, Counted, Figure } from "../foundation/types/index.ts";

/** Charts as SVG text: static, with labels of text, in colours that the page's style gives. */
export interface Charts {
  /** One bar for each label, with its count and share. @param total of which counts are a share */
  readonly bars: (counted: readonly Counted[], total: number) => string;
  readonly histogram: (bins: readonly Bin[], unit: string) => string;
  /** Jobs one below the other, from when they were sent to when they ended. */
  readonly timeline: (spans: readonly TimeSpan[]) => string;
  /** Amounts in dollars, the last one what was paid. */
  readonly money: (steps: readonly MoneyStep[]) => string;
  /** Figures from 0 to 1 with their intervals. */
  readonly intervals: (figures: readonly { readonly name: string; readonly figure: Figure }[]) => string;
}

/** A bar of the time line of jobs. */
export interface TimeSpan {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: string;
  readonly isGood: boolean;
}

/** A step from the on-demand price down to what was paid. */
export interface MoneyStep {
  readonly name: string;
  readonly usd: number;
  readonly text: string;
  readonly kind: "total" | "saved" | "paid";
}

const width = 360;
/** A letter is about so wide at the charts' size of text. */
const letterWidth = 7;
const fontSize = 12;
const rowHeight = 22;

/** A text as a label: of two dozen letters at most, wide ones counted twice. */
function shorten(text: string, most = 22): string {
  const clean = text.replace(/\s+/g, " ").trim();
  let size = 0;
  let out = "";
  for (const letter of clean) {
    size += (letter.codePointAt(0) ?? 0) > 0x2e80 ? 2 : 1;
    if (size > most) return `${out.trimEnd()}…`;
    out += letter;
  }
  return out === "" ? "(empty)" : out;
}

const marginOf = (labels: readonly string[]): number =>
  Math.min(176, Math.max(40, ...labels.map((label) => [...label].length * letterWidth + 12)));

/** Loads what draws: half a second, and only where there is something to draw. */
export async function openCharts(): Promise<Charts> {
  const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  const { document } = parseHTML("<html><body></body></html>");
  const draw = (label: string, options: Parameters<typeof Plot.plot>[0]): string => {
    const svg = Plot.plot({ document: document as never, width, style: { fontSize: `${fontSize}px` }, ...options });
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    // The page has one style for all of them.
    for (const style of svg.querySelectorAll("style")) style.remove();
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    return svg.outerHTML;
  };
  const x = { axis: null } as const;
  return {
    bars(counted, total) {
      const rows = counted.map(({ text, count }, index) => ({ at: String(index), label: shorten(text), count, text }));
      const labels = new Map(rows.map(({ at, label }) => [at, label]));
      const say = (count: number): string => `${formatCount(count)} (${sayShare(count, total)})`;
      const name = rows.map(({ text, count }) => `${text}: ${say(count)}`).join(", ");
      return draw(name, {
        height: rows.length * rowHeight + 8,
        marginLeft: marginOf(rows.map(({ label }) => label)),
        marginRight: 92,
        marginTop: 4,
        marginBottom: 4,
        x,
        y: {
          domain: rows.map(({ at }) => at),
          label: null,
          tickSize: 0,
          tickFormat: (at: string) => labels.get(at) ?? "",
        },
        marks: [
          Plot.barX(rows, { x: "count", y: "at", fill: "var(--bar)", insetTop: 2, insetBottom: 2, title: "text" }),
          Plot.text(rows, {
            x: "count",
            y: "at",
            text: ({ count }: { count: number }) => say(count),
            dx: 5,
            textAnchor: "start",
          }),
        ],
      });
    },
    histogram(bins, unit) {
      const name = bins.map(({ from, to, count }) => `${from} to ${to}: ${formatCount(count)}`).join(", ");
      return draw(name, {
        height: 150,
        marginLeft: 46,
        marginRight: 14,
        marginBottom: 34,
        marginTop: 8,
        x: { label: unit, labelArrow: "none", labelAnchor: "center", ticks: 5, tickFormat: formatTick },
        y: { label: null, ticks: 4, tickFormat: formatTick, grid: true },
        marks: [
          Plot.rectY(bins, { x1: "from", x2: "to", y: "count", fill: "var(--bar)", inset: 0.5 }),
          Plot.ruleY([0]),
        ],
      });
    },
    timeline(spans) {
      const start = Math.min(...spans.map(({ fromMs }) => fromMs));
      const end = Math.max(...spans.map(({ toMs }) => toMs));
      const { size, unit } = timeUnits.find((each) => end - start >= each.size * 2) ?? { size: 1000, unit: "seconds" };
      const rows = spans.map((span, index) => ({
        ...span,
        at: String(index),
        from: (span.fromMs - start) / size,
        to: (span.toMs - start) / size,
      }));
      const labels = new Map(rows.map(({ at, name }) => [at, shorten(name)]));
      return draw(
        rows
          .map(({ name, from, to, state }) => `${name}: ${from.toFixed(1)} to ${to.toFixed(1)} ${unit}, ${state}`)
          .join("; "),
        {
          height: rows.length * rowHeight + 44,
          marginLeft: marginOf([...labels.values()]),
          marginRight: 14,
          marginTop: 4,
          marginBottom: 36,
          x: {
            label: `${unit} since the first was sent`,
            labelArrow: "none",
            labelAnchor: "center",
            ticks: 5,
            grid: true,
            domain: [0, Math.max((end - start) / size, 1e-9)],
          },
          y: {
            domain: rows.map(({ at }) => at),
            label: null,
            tickSize: 0,
            tickFormat: (at: string) => labels.get(at) ?? "",
          },
          marks: [
            Plot.barX(rows, {
              x1: "from",
              x2: "to",
              y: "at",
              fill: ({ isGood }: TimeSpan) => (isGood ? "var(--answered)" : "var(--error)"),
              insetTop: 4,
              insetBottom: 4,
              title: "state",
            }),
          ],
        },
      );
    },
    money(steps) {
      const labels = new Map(steps.map(({ name }, index) => [String(index), name]));
      let left = steps[0]?.usd ?? 0;
      const rows = steps.map((step, index) => {
        const to = step.kind === "saved" ? left : step.usd;
        const from = step.kind === "saved" ? left - step.usd : 0;
        if (step.kind === "saved") left = from;
        return { ...step, at: String(index), from: Math.max(0, from), to: Math.max(0, to) };
      });
      const fills = { total: "var(--soft)", saved: "var(--saved)", paid: "var(--bar)" };
      return draw(steps.map(({ name, text }) => `${name}: ${text}`).join(", "), {
        height: rows.length * 26 + 8,
        marginLeft: marginOf([...labels.values()]),
        marginRight: 66,
        marginTop: 4,
        marginBottom: 4,
        x,
        y: {
          domain: rows.map(({ at }) => at),
          label: null,
          tickSize: 0,
          tickFormat: (at: string) => labels.get(at) ?? "",
        },
        marks: [
          Plot.barX(rows, {
            x1: "from",
            x2: "to",
            y: "at",
            fill: ({ kind }: MoneyStep) => fills[kind],
            insetTop: 3,
            insetBottom: 3,
          }),
          Plot.text(rows, { x: "to", y: "at", text: "text", dx: 5, textAnchor: "start" }),
        ],
      });
    },
    intervals(figures) {
      const rows = figures.map(({ name, figure }, index) => ({
        at: String(index),
        name,
        value: figure.value ?? 0,
        low: figure.low ?? 0,
        high: figure.high ?? 1,
      }));
      const labels = new Map(rows.map(({ at, name }) => [at, shorten(name)]));
      const least = Math.min(0, ...rows.map(({ low }) => low));
      return draw(
        rows
          .map(({ name, value, low, high }) => `${name}: ${value.toFixed(3)}, ${low.toFixed(3)} to ${high.toFixed(3)}`)
          .join("; "),
        {
          height: rows.length * rowHeight + 40,
          marginLeft: marginOf([...labels.values()]),
          marginRight: 50,
          marginTop: 4,
          marginBottom: 26,
          x: { domain: [least, 1], label: null, ticks: 5, grid: true },
          y: {
            domain: rows.map(({ at }) => at),
            label: null,
            tickSize: 0,
            tickFormat: (at: string) => labels.get(at) ?? "",
          },
          marks: [
            Plot.ruleY(rows, { x1: "low", x2: "high", y: "at", stroke: "var(--bar)", strokeWidth: 3 }),
            Plot.dot(rows, { x: "value", y: "at", fill: "currentColor", r: 4 }),
            Plot.text(rows, {
              x: 1,
              y: "at",
              text: ({ value }: { value: number }) => value.toFixed(3),
              dx: 10,
              textAnchor: "start",
            }),
          ],
        },
      );
    },
  };
}

const timeUnits = [
  { size: 3_600_000, unit: "hours" },
  { size: 60_000, unit: "minutes" },
  { size: 1000, unit: "seconds" },
];

function formatTick(value: number): string {
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  return Math.abs(value) >= 10_000 ? `${Number((value / 1000).toPrecision(3))} k` : String(value);
}

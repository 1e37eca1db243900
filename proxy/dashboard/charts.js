/** The charts of the last half hour. They are drawn by uPlot, which a script before this one brings. */

import { bytes, numbers, timeOfDay } from "./format.js";

/** Samples on show: half an hour. */
const MOST_SAMPLES = 900;
const CHART_HEIGHT = 190;

/** The charts: where each is, and its lines by the field of a sample. */
const CHARTS = [
  { id: "chart-hit-rate", range: [0, 100], lines: [["hitRate", "hit rate", "--hit"]] },
  {
    id: "chart-bytes",
    format: bytes,
    lines: [["servedBytes", "served", "--miss"], ["savedBytes", "of it saved", "--hit"]],
  },
  {
    id: "chart-latency",
    lines: [["hitP99", "hits", "--hit"], ["missP99", "misses", "--miss"]],
    isLogarithmic: true,
  },
  { id: "chart-requests", lines: [["requests", "requests", "--hit"]] },
];

function chart(
  samples,
  { id, range, lines, format = (value) => numbers.format(value), isLogarithmic = false },
) {
  const place = document.getElementById(id);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = {
    stroke: color("--muted"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  };
  const shownMarks = (_plot, marks) => isLogarithmic ? marks.map(wholePower) : marks;
  const options = {
    width: place.clientWidth,
    height: CHART_HEIGHT,
    cursor: { y: false, points: { size: 6 } },
    scales: {
      y: isLogarithmic
        ? { distr: 3, log: 10 }
        : { range: range ?? ((_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1]) },
    },
    axes: [
      { ...axis, space: 90, values: (_plot, marks) => timeMarks(marks) },
      {
        ...axis,
        size: 72,
        filter: shownMarks,
        grid: { ...axis.grid, filter: shownMarks },
        values: (_plot, marks) => marks.map((mark) => mark === null ? "" : format(mark)),
      },
    ],
    series: [
      { label: "at", value: (_plot, at) => at === null ? "–" : timeOfDay(at) },
      ...lines.map(([, label, name]) => ({
        label,
        stroke: color(name),
        width: 2,
        points: { show: false },
        value: (_plot, value) => value === null || value === undefined ? "–" : format(value),
      })),
    ],
  };
  place.replaceChildren();
  return new uPlot(options, data(lines, samples), place);
}

/** Seconds only where the marks are less than a minute apart. */
function timeMarks(marks) {
  const isCoarse = marks.length > 1 && marks[1] - marks[0] >= 60;
  return marks.map((mark) => timeOfDay(mark, isCoarse));
}

/** Marks of a logarithmic axis that are powers of ten. */
function wholePower(mark) {
  return Number.isInteger(Math.round(Math.log10(mark) * 1e6) / 1e6) ? mark : null;
}

function data(lines, samples) {
  return [
    samples.map(({ time }) => time),
    ...lines.map(([field]) => samples.map((sample) => sample[field])),
  ];
}

/** All charts, over one list of samples. */
export class Charts {
  #samples = [];
  #plots = [];

  /** Draws the charts, and draws them anew when the scheme or the width changes. */
  constructor() {
    this.#draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    new ResizeObserver(() => this.#fit()).observe(document.body);
  }

  /** Shows these samples and no others. */
  begin(samples) {
    this.#samples = [...samples];
    this.#update();
  }

  /** Shows one sample more. */
  add(sample) {
    this.#samples.push(sample);
    if (this.#samples.length > MOST_SAMPLES) this.#samples.shift();
    this.#update();
  }

  #draw() {
    for (const plot of this.#plots) plot.destroy();
    this.#plots = CHARTS.map((which) => chart(this.#samples, which));
  }

  #update() {
    this.#plots.forEach((plot, i) => plot.setData(data(CHARTS[i].lines, this.#samples)));
  }

  #fit() {
    this.#plots.forEach((plot, i) => {
      const width = document.getElementById(CHARTS[i].id).clientWidth;
      plot.setSize({ width, height: CHART_HEIGHT });
    });
  }
}

/**
 * The page that shows what the cache does, and the files that it is made of. Nothing of it comes
 * from elsewhere.
 *
 * @module
 */
import page from "./dashboard/page.html" with { type: "text" };
import script from "./dashboard/script.js" with { type: "text" };
import charts from "./dashboard/charts.js" with { type: "text" };
import format from "./dashboard/format.js" with { type: "text" };
import style from "./dashboard/style.css" with { type: "text" };
import chartScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import chartStyle from "uplot/dist/uPlot.min.css" with { type: "text" };

/** A file of the page. */
export interface PageFile {
  /** Its media type. */
  readonly type: string;
  /** Its text. */
  readonly text: string;
}

/** The files by the path that each is asked for by. */
export const DASHBOARD: ReadonlyMap<string, PageFile> = new Map([
  ["/", { type: "text/html; charset=utf-8", text: page }],
  ["/dashboard.js", { type: "text/javascript; charset=utf-8", text: script }],
  ["/charts.js", { type: "text/javascript; charset=utf-8", text: charts }],
  ["/format.js", { type: "text/javascript; charset=utf-8", text: format }],
  ["/dashboard.css", { type: "text/css; charset=utf-8", text: style }],
  ["/uplot.js", { type: "text/javascript; charset=utf-8", text: chartScript }],
  ["/uplot.css", { type: "text/css; charset=utf-8", text: chartStyle }],
]);

/**
 * What the page may do: run and show what this listener serves, and talk to it, nothing else. The
 * chart library sets styles on elements.
 */
export const DASHBOARD_POLICY: string = "default-src 'none'; script-src 'self'; " +
  "style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

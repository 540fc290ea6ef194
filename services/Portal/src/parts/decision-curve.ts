import { el, percent, table } from "../dom.js";
import { t } from "../words.js";
import { drawing, shape } from "./drawing.js";

export interface Benefit { threshold: number; byRisk: number; everybody: number }

const width = 640, height = 300, left = 60, bottom = 40, top = 15;

/** Expected net benefit over thresholds, as a picture with one sentence and its table. Lines differ by dashes, not by colour. */
export function decisionCurve(curve: Benefit[], cut: number): HTMLElement[] {
  if (curve.length < 2) return [];
  const sentence = said(curve);
  const most = Math.max(...curve.map(point => Math.max(point.byRisk, point.everybody)), 1e-6), last = curve.at(-1)!.threshold;
  const x = (threshold: number): number => left + (width - left - 15) * threshold / last;
  const y = (benefit: number): number => top + (height - top - bottom) * (1 - Math.max(0, benefit) / most);
  const svg = drawing(width, height, sentence);
  shape(svg, "path", { d: `M${left} ${top}V${height - bottom}H${width - 15}`, class: "axis" });
  for (let i = 0; i <= 5; i++) shape(svg, "text", { x: x(last * i / 5), y: height - bottom + 18, "text-anchor": i === 5 ? "end" : "middle" }, percent(last * i / 5));
  for (const share of [0, 0.5, 1]) shape(svg, "text", { x: left - 6, y: y(most * share) + 4, "text-anchor": "end" }, (most * share).toFixed(3));
  const line = (value: (point: Benefit) => number): string => curve.map((point, i) => `${i === 0 ? "M" : "L"}${x(point.threshold).toFixed(1)} ${y(value(point)).toFixed(1)}`).join("");
  shape(svg, "path", { d: line(point => point.everybody), class: "everybody" });
  shape(svg, "path", { d: line(point => point.byRisk), class: "by-risk" });
  if (cut <= last) shape(svg, "path", { d: `M${x(cut)} ${top}V${height - bottom}`, class: "cut" });
  return [
    el("h2", {}, t("Expected decision curve")), el("p", {}, sentence), el("figure", {}, svg as unknown as HTMLElement, el("figcaption", { class: "soft" }, t("Solid: by risk. Dashed: everybody. Dotted: where the list is cut."))),
    el("details", {}, el("summary", {}, t("The same as a table")), table(t("Expected decision curve"), [t("Threshold"), t("By risk"), t("Everybody")], curve.map(point => [percent(point.threshold), point.byRisk.toFixed(4), point.everybody.toFixed(4)]), [1, 2])),
  ];
}

function said(curve: Benefit[]): string {
  const better = curve.filter(point => point.byRisk > Math.max(0, point.everybody) + 1e-9);
  return better.length === 0 ? t("At no threshold does scanning by risk do better than scanning everybody or nobody.")
    : t("Scanning by risk does better than scanning everybody or nobody at thresholds from {low} to {high}.", { low: percent(better[0]!.threshold), high: percent(better.at(-1)!.threshold) });
}

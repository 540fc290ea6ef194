import { card, el, facts, percent, table } from "../dom.js";
import { plural, t } from "../words.js";
import { drawing, shape } from "./drawing.js";

export interface Comparison {
  challenger: string; cases: number; meanChampion?: number; meanChallenger?: number; meanDifference?: number; largestDifference?: number;
  items: { caseId: string; championVersion: string; champion: number; challenger: number }[];
}

const width = 480, height = 420, left = 70, bottom = 55, top = 15, right = 15;
const mostRows = 100;

/** Champion and challenger on the same cases: one sentence, a picture, and the cases that they differ on most. */
export function comparison(found: Comparison, champion: string, challenger: string): HTMLElement {
  const title = t("Champion and challenger on the same cases");
  if (found.cases === 0) return card(title, el("p", {}, t("No stored case of your site has been answered by the champion yet.")));
  const sentence = t("On {cases} the challenger differs from the champion by {mean} on average and by {most} at most.", { cases: plural(found.cases, "case"), mean: points(found.meanDifference!), most: points(found.largestDifference!) });
  const rows = [...found.items].sort((one, other) => Math.abs(other.challenger - other.champion) - Math.abs(one.challenger - one.champion)).slice(0, mostRows);
  return card(title, el("p", {}, sentence),
    facts([[t("Mean risk by the champion"), percent(found.meanChampion!)], [t("Mean risk by the challenger"), percent(found.meanChallenger!)]]),
    el("figure", {}, scatter(found, sentence), el("figcaption", { class: "soft" }, t("Each circle is a case. On the dashed line both say the same."))),
    el("details", {}, el("summary", {}, t("The same as a table")),
      table(t("Cases, the largest difference first"), [t("Case"), champion, challenger, t("Difference")],
        rows.map(each => [el("a", { href: `#/case/${each.caseId}` }, each.caseId), `${percent(each.champion)} (${each.championVersion})`, percent(each.challenger), points(each.challenger - each.champion, true)]), [1, 2, 3])));
}

/** A difference of two risks, in percentage points. */
function points(difference: number, signed = false): string {
  return `${signed && difference > 0 ? "+" : ""}${(100 * difference).toFixed(1)} ${t("percentage points")}`;
}

function scatter(found: Comparison, sentence: string): HTMLElement {
  const highest = Math.max(...found.items.flatMap(each => [each.champion, each.challenger])), most = highest > 0.2 ? Math.ceil(highest * 5) / 5 : Math.ceil(Math.max(highest, 0.01) * 50) / 50;
  const x = (risk: number): number => left + (width - left - right) * risk / most;
  const y = (risk: number): number => top + (height - top - bottom) * (1 - risk / most);
  const svg = drawing(width, height, sentence);
  shape(svg, "path", { d: `M${left} ${top}V${height - bottom}H${width - right}`, class: "axis" });
  for (let i = 0; i <= 4; i++) {
    shape(svg, "text", { x: x(most * i / 4), y: height - bottom + 18, "text-anchor": i === 4 ? "end" : "middle" }, percent(most * i / 4));
    shape(svg, "text", { x: left - 6, y: y(most * i / 4) + 4, "text-anchor": "end" }, percent(most * i / 4));
  }
  shape(svg, "text", { x: (left + width - right) / 2, y: height - 12, "text-anchor": "middle" }, t("Champion"));
  shape(svg, "text", { x: 14, y: (top + height - bottom) / 2, "text-anchor": "middle", transform: `rotate(-90 14 ${(top + height - bottom) / 2})` }, t("Challenger"));
  shape(svg, "path", { d: `M${x(0)} ${y(0)}L${x(most)} ${y(most)}`, class: "everybody" });
  for (const each of found.items) shape(svg, "circle", { cx: x(each.champion).toFixed(1), cy: y(each.challenger).toFixed(1), r: 4, class: "case" });
  return svg as unknown as HTMLElement;
}

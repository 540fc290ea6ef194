import { get, type ModelSummary, type Page } from "../api.js";
import { action, choice, el, facts, field, percent, saying, show, table } from "../dom.js";
import { decisionCurve, type Benefit } from "../parts/decision-curve.js";
import { cancerName, cancerTypes, factorName } from "../parts/dictionary.js";
import { plural, t } from "../words.js";

interface Item { caseId: string; cancerType: string; probability: number; low?: number; high?: number; intervalKind: string; modelId: string; modelVersion: string; missing: string[]; synthetic: boolean }
interface Worklist { cases: number; threshold: number; items: Item[]; expectedFound: number; expectedMissed: number; scansPerFound?: number; curve: Benefit[]; withoutRisk: number; status: string }

/** How the list is cut, as the API names it, with its usual value and its limits. */
const cuts: Record<string, { value: number; min: number; max: number; scale: number }> = {
  threshold: { value: 10, min: 0, max: 99.9, scale: 100 }, scansPerFound: { value: 8, min: 1.01, max: 10000, scale: 1 }, scansPerWeek: { value: 20, min: 0, max: 10000, scale: 1 },
};

/** Whom to scan first: cases by risk, cut at a threshold, at the scans one would do to find one, or at those that can be done. */
export async function worklist(signal: AbortSignal): Promise<void> {
  const said = saying();
  const place = el("div", { "aria-live": "polite" });
  const known = (await get<Page<ModelSummary>>("models", signal)).items;
  const kind = choice([["threshold", t("risk of at least, in %")], ["scansPerFound", t("scans that one found is worth")], ["scansPerWeek", t("scans that can be done per week")]], "threshold");
  const amount = el("input", { type: "number", step: "any", required: true });
  const days = choice([["7", "7"], ["31", "31"], ["366", "366"]], "31");
  const cancer = choice([["", t("any cancer type")], ...await cancerTypes(known)], "");
  const follow = (): void => {
    const { value, min, max } = cuts[kind.value]!;
    amount.min = String(min);
    amount.max = String(max);
    amount.value = String(value);
  };
  kind.addEventListener("change", follow);
  follow();

  async function draw(): Promise<void> {
    const query = new URLSearchParams({ [kind.value]: String(Number(amount.value) / cuts[kind.value]!.scale), days: days.value, ...(cancer.value ? { cancerType: cancer.value } : {}) });
    const list = await get<Worklist>(`worklist?${query}`, signal);
    const all = list.expectedFound + list.expectedMissed;
    place.replaceChildren(
      facts([
        [t("On the list"), t("{n} of {all} cases", { n: list.items.length, all: list.cases })], [t("Cut at"), percent(list.threshold)],
        [t("Expected to be found"), list.expectedFound.toFixed(1)], [t("Expected among those left out"), list.expectedMissed.toFixed(1)],
        [t("Share of all that is found"), all > 0 ? percent(list.expectedFound / all) : "–"], [t("Scans for each one found"), list.scansPerFound?.toFixed(1) ?? "–"],
        [t("Without a risk of their own"), plural(list.withoutRisk, "case")],
      ]),
      list.items.length === 0 ? el("p", {}, t("Nobody is above this threshold.")) : table(t("Worklist by risk"), [t("Case"), t("Cancer type"), t("Risk"), t("Interval"), t("Model"), t("Missing")], await Promise.all(list.items.map(row)), [2, 3]),
      ...decisionCurve(list.curve, list.threshold));
  }
  const again = action(t("Show"), said, draw, false);
  await draw();
  show(t("Worklist"), el("p", {}, t("Cases by risk. What is expected holds as far as the models are calibrated at this site.")),
    el("form", { class: "card row", submit: event => { event.preventDefault(); again.click(); } }, field(t("Cut by"), kind), field(t("Value"), amount), field(t("Days back"), days), field(t("Cancer type"), cancer), again), said, el("div", { class: "card" }, place));
}

async function row(item: Item): Promise<(Node | string)[]> {
  return [
    el("a", { href: `#/case/${item.caseId}`, class: "uid" }, item.caseId), await cancerName(item.cancerType), percent(item.probability),
    item.low !== undefined && item.high !== undefined ? `${percent(item.low)} – ${percent(item.high)}` : "–",
    `${item.modelId} ${item.modelVersion}${item.synthetic ? ` (${t("trained on SYNTHETIC data")})` : ""}`, (await Promise.all(item.missing.map(factorName))).join(", "),
  ];
}

import { get, Refusal, type LocalText, type ModelSummary, type Page } from "../api.js";
import { card, choice, el, facts, field, moment, percent, show, table, type Child } from "../dom.js";
import { comparison, type Comparison } from "../parts/comparison.js";
import { cancerName, cancerTypes, conditionText, factorName, factors, histologyName, type Condition } from "../parts/dictionary.js";
import { nomogram } from "../parts/nomogram.js";
import { local, t, type Key } from "../words.js";

interface Level { level: string; label?: LocalText; when?: Condition; points?: number; beta?: number; standardError?: number; ratio?: number; ratioLow?: number; ratioHigh?: number; reference?: boolean; withoutEvent?: number; withEvent?: number; from?: number; to?: number }
interface Term { factor: string; kind: string; label?: LocalText; unit?: string; required?: boolean; levels?: Level[]; bins?: Level[]; beta?: number; standardError?: number; knots?: number[]; low?: number; high?: number }
interface Rate { label: LocalText; rate: number; events?: number; patients?: number }
interface Model {
  id: string; version: string; title: LocalText; cancerType: string; histologies?: string[]; family: string; outcome: { event: string; timing: string; horizonMonths?: number }; usedAt: string;
  intercept?: { origin: string; value?: number; note?: string; prevalence?: number }; terms?: Term[]; rates?: Rate[]; bands?: { label: LocalText; from: number; to: number; risk: number }[]; criteria?: { id: string; text: LocalText }[];
  cohort: { description: string; patients?: number; events?: number; prevalence?: number }; performance?: { name: string; value: number; low?: number; high?: number; set?: string }[];
  evidence: { citation: string; doi?: string; tables?: string[]; complete: boolean; lackingFactors?: string[] }; intendedUse: LocalText; notFor: LocalText; warnings?: LocalText[];
  lineage?: Record<string, unknown>; retired?: boolean;
}
interface Version { version: string; sha256: string; role: string; site?: string; method?: string; signedBy?: string; performance: string[]; retiredAt?: string; reason?: string }

interface Standing { champion?: string; challenger?: string; retired: { version: string; at: string; reason: string }[] }

const families: Record<string, Key> = { logistic: "logistic model", cox: "Cox model", score: "point score", rule: "decision rule", rate: "table of rates" };
const events: Record<string, Key> = { "bone-metastasis": "bone metastasis", "distant-metastasis": "distant metastasis", "skeletal-related-event": "skeletal-related event", "death": "death" };
const timings: Record<string, Key> = { "synchronous": "at diagnosis", "metachronous": "after diagnosis", "survival": "survival", "not-stated": "time not stated" };
const roles: Record<string, Key> = { champion: "champion: answers", challenger: "challenger: computed beside it", retired: "retired", earlier: "earlier" };

export async function models(signal: AbortSignal): Promise<void> {
  const known = (await get<Page<ModelSummary>>("models", signal)).items;
  const cancer = choice([["", t("any cancer type")], ...await cancerTypes(known), ...known.some(each => each.cancerType === "any") ? [["any", t("for every cancer type")] as [string, string]] : []]);
  const word = el("input", { type: "search", autocomplete: "off" });
  const place = el("div", {});
  const count = el("p", { class: "soft", role: "status" });
  const rows = await Promise.all(known.map(async item => ({ item, cells: await row(item) })));
  function draw(): void {
    const wanted = word.value.trim().toLowerCase();
    const shown = rows.filter(({ item }) => (cancer.value === "" || item.cancerType === cancer.value) && [item.id, item.title, item.doi ?? "", ...item.factors].some(text => text.toLowerCase().includes(wanted)));
    count.textContent = t("{n} of {all} models", { n: shown.length, all: rows.length });
    place.replaceChildren(table(t("Models"), [t("Model"), t("Cancer type"), t("Gives"), t("Version"), t("Source")], shown.map(each => each.cells)));
  }
  cancer.addEventListener("change", draw);
  word.addEventListener("input", draw);
  draw();
  show(t("Models"), el("p", {}, t("Every model is built from published numbers or from a cohort study of this platform; each names its source.")),
    el("div", { class: "card row", role: "search" }, field(t("Cancer type"), cancer), field(t("Words in title, factor or DOI"), word)), el("div", { class: "card" }, place, count));
}

async function row(item: ModelSummary): Promise<Child[]> {
  return [
    el("span", {}, el("a", { href: `#/models/${item.id}`, lang: "en" }, item.title), el("br"), el("span", { class: "soft" }, item.id)),
    [item.cancerType === "any" ? t("for every cancer type") : await cancerName(item.cancerType), ...await Promise.all(item.histologies.map(histologyName))].join(", "),
    el("span", {}, item.family in families ? t(families[item.family]!) : item.family, item.givesProbability ? "" : `; ${t("no probability")}`, item.complete ? "" : `; ${t("published in part")}`),
    item.version, item.doi ?? "",
  ];
}

export async function model(id: string, signal: AbortSignal): Promise<void> {
  const path = `models/${encodeURIComponent(id)}`;
  let found: Model;
  try { found = await get<Model>(path, signal); } catch (reason) {
    if (!(reason instanceof Refusal) || reason.status !== 410) throw reason;
    show(id, el("p", {}, el("a", { href: "#/models" }, t("All models"))), el("p", { class: "note wait" }, t("Every version of this model is retired: it answers no new case.")), ...await standing(id, path, signal));
    return;
  }
  const picture = await nomogram(`${path}/nomogram.html`, signal);
  const { cohort, evidence } = found;
  show(local(found.title), el("p", {}, el("a", { href: "#/models" }, t("All models"))),
    ...(found.warnings ?? []).map(text => el("p", { class: "note wait" }, local(text))),
    card(t("What it is"), facts([
      [t("Model"), `${found.id} ${found.version}`], [t("Kind"), found.family in families ? t(families[found.family]!) : found.family],
      [t("Cancer type"), found.cancerType === "any" ? t("for every cancer type") : await cancerName(found.cancerType)], [t("Histology"), (await Promise.all((found.histologies ?? []).map(histologyName))).join(", ")],
      [t("Predicts"), outcome(found)], [t("Intended use"), local(found.intendedUse)], [t("Not for"), local(found.notFor)],
    ])),
    picture,
    await coefficients(found),
    card(t("Evidence"), facts([
      [t("Source"), el("span", { lang: "en" }, evidence.citation)], ["DOI", evidence.doi], [t("Complete publication"), evidence.complete ? t("yes") : t("no")],
      [t("Published factors that are lacking here"), (await Promise.all((evidence.lackingFactors ?? []).map(factorName))).join(", ")],
      [t("Cohort"), el("span", { lang: "en" }, cohort.description)], [t("Patients"), cohort.patients], [t("Events"), cohort.events],
      [t("Intercept"), found.intercept ? el("span", { lang: "en" }, [found.intercept.origin, found.intercept.value?.toFixed(4), found.intercept.note].filter(Boolean).join("; ")) : null],
      [t("Made from"), found.lineage ? el("code", {}, JSON.stringify(found.lineage)) : null],
    ]), found.performance && found.performance.length > 0 ? table(t("Performance"), [t("Measure"), t("Value"), t("Interval"), t("On")],
      found.performance.map(each => [el("span", { lang: "en" }, each.name), each.value, each.low !== undefined && each.high !== undefined ? `${each.low} – ${each.high}` : "", el("span", { lang: "en" }, each.set ?? "")]), [1, 2]) : null),
    ...await standing(id, path, signal),
    el("details", { class: "card" }, el("summary", {}, el("h2", {}, t("The document"))), el("pre", { tabindex: "0", lang: "en" }, JSON.stringify(found, null, 2))));
}

function outcome(found: Model): string {
  const { event, timing, horizonMonths } = found.outcome;
  return [event in events ? t(events[event]!) : event, timing in timings ? t(timings[timing]!) : timing, horizonMonths === undefined ? "" : `${horizonMonths} ${t("months")}`].filter(Boolean).join(", ");
}

async function coefficients(found: Model): Promise<HTMLElement | null> {
  const rows: Child[][] = [];
  const dictionary = await factors();
  for (const term of found.terms ?? []) {
    const name = term.label ? local(term.label) : await factorName(term.factor);
    for (const level of term.levels ?? term.bins ?? []) {
      const known = dictionary.get(term.factor)?.levels.find(each => each.name === level.level);
      const said = level.label ? local(level.label) : known ? local(known.label) : level.level;
      const meaning = level.when ? `${said}: ${await conditionText(level.when)}` : said;
      if (found.family === "score") rows.push([name, meaning, level.points ?? 0]);
      else rows.push([name, meaning, level.reference ? t("reference") : level.beta?.toFixed(4) ?? "", level.standardError?.toFixed(4) ?? "",
        level.ratio === undefined ? "" : `${level.ratio}${level.ratioLow !== undefined && level.ratioHigh !== undefined ? ` (${level.ratioLow} – ${level.ratioHigh})` : ""}`,
        level.withEvent !== undefined && level.withoutEvent !== undefined ? `${level.withEvent} / ${level.withEvent + level.withoutEvent}` : ""]);
    }
    if (term.levels === undefined && term.bins === undefined) rows.push([name, [term.kind, term.unit, term.knots ? `${t("knots")} ${term.knots.join(", ")}` : ""].filter(Boolean).join(", "), term.beta?.toFixed(4) ?? "", term.standardError?.toFixed(4) ?? "", "", ""]);
  }
  const bands = found.bands ?? [];
  if (found.family === "score") {
    return card(t("Points"), table(t("Points of each factor"), [t("Factor"), t("Level"), t("Points")], rows, [2]),
      table(t("Risk by points"), [t("Points"), t("Risk"), t("Group")], bands.map(band => [band.from === band.to ? band.from : `${band.from} – ${band.to}`, percent(band.risk), local(band.label)]), [1]));
  }
  if (rows.length > 0) return card(t("Coefficients"), table(t("Coefficients"), [t("Factor"), t("Level"), "β", "SE", t("Ratio (95 %)"), t("Events / patients")], rows, [2, 3, 4, 5]));
  const strata = (found.rates ?? []).map(rate => [local(rate.label), `${(rate.rate * 100).toFixed(1)} %`, rate.events !== undefined && rate.patients !== undefined ? `${rate.events} / ${rate.patients}` : ""]);
  if (strata.length > 0) return card(t("Rates"), table(t("Rates"), [t("Group"), t("Rate"), t("Events / patients")], strata, [1, 2]));
  const criteria = found.criteria ?? [];
  return criteria.length === 0 ? null : card(t("Criteria"), el("ul", {}, ...criteria.map(each => el("li", {}, el("strong", {}, each.id), ` ${local(each.text)}`))));
}

/** Which version answers, what is computed beside it, and what it says of the same cases. */
async function standing(id: string, path: string, signal: AbortSignal): Promise<HTMLElement[]> {
  const [now, { items }] = await Promise.all([get<Standing>(`${path}/standing`, signal), get<Page<Version>>(`${path}/versions`, signal)]);
  const challenger = now.challenger === undefined ? t("none") : el("a", { href: `#/models/${now.challenger.split("@")[0]}` }, now.challenger);
  const versions = card(t("Versions: champion and challenger"), facts([[t("Champion"), now.champion ?? t("none")], [t("Challenger"), challenger]]),
    table(t("Versions: champion and challenger"), [t("Version"), t("Role"), t("Signature"), t("Site"), t("Performance"), t("Note")], items.map(each => [
      each.version, each.role in roles ? t(roles[each.role]!) : each.role, each.signedBy ?? t("comes with the platform"), each.site ?? "",
      el("span", { lang: "en" }, each.performance.join("; ")),
      el("span", {}, each.method ? el("span", { lang: "en" }, each.method) : "", each.retiredAt ? ` ${t("since {at}", { at: moment(each.retiredAt) })}: ` : "", each.reason ? el("span", { lang: "en" }, each.reason) : ""),
    ])));
  return now.challenger === undefined ? [versions] : [versions, comparison(await get<Comparison>(`${path}/comparison`, signal), id, now.challenger)];
}

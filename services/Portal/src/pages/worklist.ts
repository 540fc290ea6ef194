import { get, type CaseSummary, type Page } from "../api.js";
import { action, el, facts, field, percent, saying, show, table } from "../dom.js";
import { cancerName } from "../parts/dictionary.js";
import { plural, t } from "../words.js";

interface Row extends CaseSummary { probability: number }

/** Most cases that are read to rank them. */
const most = 5000;

/** Whom to scan first: cases by risk, cut at a threshold or at the number of scans that can be done. */
export async function worklist(signal: AbortSignal): Promise<void> {
  const said = saying();
  const place = el("div", { "aria-live": "polite" });
  const threshold = el("input", { type: "number", min: "0", max: "99", step: "any", value: "10" });
  const scans = el("input", { type: "number", min: "1", step: "1" });
  const cases = await ranked(signal);
  async function draw(): Promise<void> {
    const wanted = scans.value === "" ? undefined : Math.max(1, Math.round(Number(scans.value)));
    const cut = Number(threshold.value) / 100;
    const selected = wanted === undefined ? cases.filter(each => each.probability >= cut) : cases.slice(0, wanted);
    const found = sum(selected), all = sum(cases);
    place.replaceChildren(
      facts([
        [t("On the list"), t("{n} of {all} cases", { n: selected.length, all: cases.length })], [t("Cut at"), percent(wanted === undefined ? cut : selected.at(-1)?.probability ?? 0)],
        [t("Expected to be found"), found.toFixed(1)], [t("Expected among those left out"), (all - found).toFixed(1)],
        [t("Share of all that is found"), all > 0 ? percent(found / all) : "–"], [t("Scans for each one found"), found > 0 ? (selected.length / found).toFixed(1) : "–"],
      ]),
      selected.length === 0 ? el("p", {}, t("Nobody is above this threshold.")) : table(t("Worklist by risk"), [t("Subject"), t("Cancer type"), t("Risk"), t("Model")],
        await Promise.all(selected.map(async each => [el("a", { href: `#/case/${each.id}` }, `${each.site}/${each.subject}`), await cancerName(each.cancerType), percent(each.probability), `${each.modelId ?? ""} ${each.modelVersion ?? ""}`])), [2]));
  }
  const again = action(t("Show"), said, draw, false);
  await draw();
  show(t("Worklist"), el("p", {}, t("Cases by risk. What is expected holds as far as the models are calibrated at this site."), " ", t("Ranked: {n}.", { n: plural(cases.length, "case") })),
    el("form", { class: "card row", submit: event => { event.preventDefault(); again.click(); } }, field(t("Risk of at least, in %"), threshold), field(t("or the number of scans that can be done"), scans), again), said, el("div", { class: "card" }, place));
}

async function ranked(signal: AbortSignal): Promise<Row[]> {
  const rows: Row[] = [];
  let next: string | undefined;
  do {
    const page: Page<CaseSummary> = await get(`cases?limit=200${next ? `&cursor=${encodeURIComponent(next)}` : ""}`, signal);
    rows.push(...page.items.filter((item): item is Row => item.probability !== undefined));
    next = page.next;
  } while (next && rows.length < most);
  return rows.sort((a, b) => b.probability - a.probability);
}

function sum(rows: Row[]): number { return rows.reduce((total, row) => total + row.probability, 0); }

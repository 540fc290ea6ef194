import { get, type CaseSummary, type ModelSummary, type Page } from "../api.js";
import { action, choice, el, field, moment, percent, saying, show, table, type Child } from "../dom.js";
import { chip } from "../parts/chips.js";
import { cancerName, cancerTypes, histologyName } from "../parts/dictionary.js";
import { plural, t } from "../words.js";

/** What the list was last asked for in this tab, so that coming back finds it again. */
const asked = { state: "", cancer: "", order: "newest" };

export async function caseList(signal: AbortSignal): Promise<void> {
  const known = await get<Page<ModelSummary>>("models", signal);
  const state = choice([["", t("any state")], ["open", t("in progress")], ["settled", t("finished")], ["failed", t("with a failure")]], asked.state);
  const cancer = choice([["", t("any cancer type")], ...await cancerTypes(known.items)], asked.cancer);
  const order = choice([["newest", t("newest first")], ["oldest", t("oldest first")]], asked.order);
  const subject = el("input", { type: "search", autocomplete: "off", maxlength: "64" });
  const said = saying();
  const place = el("div", {});
  const count = el("p", { class: "soft", role: "status" });
  const names = new Map(known.items.map(item => [`${item.id}@${item.version}`, item.title]));
  let rows: Child[][] = [];
  let next: string | undefined;

  async function load(fresh: boolean): Promise<void> {
    if (fresh) { rows = []; next = undefined; }
    Object.assign(asked, { state: state.value, cancer: cancer.value, order: order.value });
    const query = new URLSearchParams({ limit: "50", order: order.value });
    if (state.value) query.set("state", state.value);
    if (cancer.value) query.set("cancerType", cancer.value);
    if (next) query.set("cursor", next);
    const wanted = subject.value.trim();
    if (/^c?[0-9a-f]{32}$/.test(wanted)) { location.hash = `#/case/${wanted}`; return; }
    if (wanted) {
      const [site, name] = wanted.includes("/") ? wanted.split("/", 2) as [string, string] : [undefined, wanted];
      query.set("subject", name);
      if (site) query.set("site", site);
    }
    const page = await get<Page<CaseSummary>>(`cases?${query}`, signal);
    for (const item of page.items) rows.push(await row(item, names));
    next = page.next;
    more.hidden = next === undefined;
    count.textContent = rows.length === 0 ? "" : next === undefined ? plural(rows.length, "case") : t("{n}, and there are more", { n: plural(rows.length, "case") });
    place.replaceChildren(rows.length > 0
      ? table(t("Cases"), [t("Subject"), t("Cancer type"), t("Strands"), t("Risk"), t("Model"), t("Changed")], rows, [3])
      : el("p", {}, wanted || state.value || cancer.value ? t("No case is like that.") : t("No cases yet."), " ", el("a", { href: "#/new" }, t("Open a case"))));
  }

  const more = action(t("Show more"), said, () => load(false));
  const search = el("form", { class: "card row", role: "search", submit: event => { event.preventDefault(); find.click(); } },
    field(t("Subject or case id"), subject), field(t("State"), state), field(t("Cancer type"), cancer), field(t("Order"), order));
  const find = action(t("Search"), said, () => load(true), false);
  search.append(find);
  for (const list of [state, cancer, order]) list.addEventListener("change", () => find.click());
  await load(true);
  show(t("Cases"), search, said, el("div", { class: "card" }, place, count, more));
}

async function row(item: CaseSummary, names: Map<string, string>): Promise<Child[]> {
  const histology = item.histology ? `, ${await histologyName(item.histology)}` : "";
  return [
    el("span", {}, el("a", { href: `#/case/${item.id}` }, item.subject), el("br"), el("span", { class: "soft" }, item.site)),
    `${await cancerName(item.cancerType)}${histology}`,
    el("span", { class: "chips" }, ...Object.entries(item.strands).map(([name, status]) => chip(name, status))),
    item.probability === undefined ? t("none yet") : percent(item.probability),
    item.modelId === undefined ? "" : el("a", { href: `#/models/${item.modelId}`, title: names.get(`${item.modelId}@${item.modelVersion}`) ?? item.modelId }, item.modelId),
    moment(item.updatedAt),
  ];
}

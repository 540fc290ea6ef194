import { call, get, type CaseSummary, type CaseView, type Page } from "../api.js";
import { action, card, el, facts, field, moment, saying, show, table, type Child } from "../dom.js";
import { chip, stateChip, strandName } from "../parts/chips.js";
import { language, t } from "../words.js";

interface Service { service: string; status: string; checks: { name: string; status: string; description?: string }[] }

/** What is counted, in words: the rest stands under /metrics. */
const counted = [/^bonemet_outbox_relayed/, /^bonemet_bus_consumed/];

/** For whoever runs the platform: where a case is, what waits or failed, how the services are. */
export async function operator(signal: AbortSignal): Promise<void> {
  const services = el("div", {}), failed = el("div", {}), open = el("div", {}), messages = el("div", {});
  const said = saying();
  async function load(): Promise<void> {
    const [states, failing, going, metrics] = await Promise.all([
      get<Service[]>("services", signal), get<Page<CaseSummary>>("cases?state=failed&limit=20", signal), get<Page<CaseSummary>>("cases?state=open&order=oldest&limit=20", signal),
      call("/metrics", { signal }).then(response => response.text()),
    ]);
    services.replaceChildren(table(t("Services"), [t("Service"), t("State"), t("Checks")], states.map(each => [each.service, stateChip(each.status), el("ul", { class: "plain" }, ...each.checks.map(check =>
      el("li", {}, stateChip(check.status), ` ${check.name} `, el("span", { lang: "en", class: "soft" }, check.description ?? ""))))])));
    failed.replaceChildren(cases(t("Cases with a failed strand, newest first"), failing));
    open.replaceChildren(cases(t("Cases in work, oldest first"), going));
    const rows = counters(metrics);
    messages.replaceChildren(rows.length > 0 ? table(t("Messages since this process began"), [t("Counter"), t("Labels"), t("Messages")], rows, [2]) : el("p", {}, t("No message has passed since this process began.")));
  }
  await load();
  show(t("Operation"), search(signal), card(t("Services"), services, el("div", { class: "row" }, action(t("Look again"), said, load), el("a", { href: "/metrics" }, t("All metrics"))), said),
    card(t("In work"), open), card(t("Failed"), failed), card(t("Messages"), messages));
}

/** "Where is case 4711?" By its id, or by site/subject. */
function search(signal: AbortSignal): HTMLElement {
  const wanted = el("input", { type: "search", required: true, autocomplete: "off" });
  const found = el("div", { "aria-live": "polite" });
  const look = action(t("Search"), found, async () => {
    const text = wanted.value.trim();
    if (text === "") return;
    let id = text;
    if (text.includes("/")) {
      const [site, subject] = text.split("/", 2) as [string, string];
      const page = await get<Page<CaseSummary>>(`cases?limit=20&site=${encodeURIComponent(site)}&subject=${encodeURIComponent(subject)}`, signal);
      if (page.items.length !== 1) { found.replaceChildren(page.items.length === 0 ? el("p", {}, t("No case is like that.")) : cases(t("Cases"), page)); return; }
      id = page.items[0]!.id;
    }
    found.replaceChildren(whereIs(await get<CaseView>(`cases/${encodeURIComponent(id)}`, signal)));
  }, false);
  return el("form", { class: "card", role: "search", submit: event => { event.preventDefault(); look.click(); } }, el("h2", {}, t("Where is a case?")), el("div", { class: "row" }, field(t("Case id, or site/subject"), wanted), look), found);
}

function whereIs(view: CaseView): HTMLElement {
  const last = view.timeline.at(-1);
  const waits = Object.entries(view.strands).filter(([, strand]) => strand.status === "working" || strand.status === "awaited").map(([name]) => strandName(name));
  return el("div", {}, el("p", {}, el("a", { href: `#/case/${view.id}` }, view.id), " ", ...Object.entries(view.strands).flatMap(([name, strand]) => [chip(name, strand.status), " "])),
    facts([[t("Site"), view.site], [t("Waits for"), waits.join(", ")], [t("Last step"), last ? el("span", { lang: "en" }, last.text) : null], [t("At"), last ? moment(last.at) : null], [t("Trace"), view.traceId]]),
    table(t("Timeline"), [t("When"), t("Step"), t("Strand"), t("What"), t("Trace")], view.timeline.map(entry => [new Date(entry.at).toLocaleString(language), entry.kind, entry.strand ? strandName(entry.strand) : "", el("span", { lang: "en" }, entry.text), el("span", { class: "uid" }, entry.traceId ?? "")])));
}

function cases(caption: string, page: Page<CaseSummary>): HTMLElement {
  if (page.items.length === 0) return el("p", {}, t("None."));
  return el("div", {}, table(caption, [t("Subject"), t("Strands"), t("Changed")], page.items.map(item => [el("a", { href: `#/case/${item.id}` }, `${item.site}/${item.subject}`),
    el("span", { class: "chips" }, ...Object.entries(item.strands).map(([name, status]) => chip(name, status))), moment(item.updatedAt)])), page.next === undefined ? null : el("p", { class: "soft" }, t("There are more.")));
}

function counters(metrics: string): Child[][] {
  return metrics.split("\n").filter(line => !line.startsWith("#")).flatMap(line => {
    const parts = /^(\w+)(?:\{(.*)\})? ([-+\d.eE]+)/.exec(line);
    if (parts === null || !counted.some(name => name.test(parts[1]!))) return [];
    const labels = (parts[2] ?? "").split(",").filter(label => !label.startsWith("otel_")).map(label => label.replace(/"/g, "")).join(", ");
    return [[parts[1]!, labels, Number(parts[3])]];
  });
}

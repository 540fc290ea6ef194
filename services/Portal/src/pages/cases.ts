import { get, type CaseSummary, type Page } from "../api.js";
import { el, moment, percent, show } from "../dom.js";

export function chip(name: string, status: string): HTMLElement {
  return el("span", { class: `chip ${status}` }, `${name}: ${status}`);
}

export async function caseList(): Promise<void> {
  const body = el("tbody");
  const more = el("button", { type: "button", class: "quiet" }, "Show more");
  let next: string | undefined;

  async function load(): Promise<void> {
    const page = await get<Page<CaseSummary>>(`cases?limit=50${next ? `&cursor=${encodeURIComponent(next)}` : ""}`);
    for (const item of page.items) {
      body.append(el("tr", {},
        el("td", {}, el("a", { href: `#/case/${item.id}` }, item.subject), el("br"), el("span", { class: "soft" }, item.site)),
        el("td", {}, item.cancerType, item.histology ? `, ${item.histology}` : ""),
        el("td", {}, ...Object.entries(item.strands).flatMap(([name, status]) => [chip(name, status), " "])),
        el("td", { class: "number" }, item.probability === undefined ? "none yet" : percent(item.probability)),
        el("td", {}, item.modelId ?? ""),
        el("td", {}, moment(item.updatedAt))));
    }
    next = page.next;
    more.hidden = next === undefined;
    if (body.children.length === 0) {
      body.append(el("tr", {}, el("td", { colspan: "6" }, "No cases yet. ", el("a", { href: "#/new" }, "Open the first one"), ".")));
    }
  }

  more.addEventListener("click", () => void load());
  await load();
  show("Cases",
    el("div", { class: "card wide" }, el("table", {},
      el("thead", {}, el("tr", {}, ...["Subject", "Cancer", "Strands"].map(text => el("th", { scope: "col" }, text)),
        el("th", { scope: "col", class: "number" }, "Risk"), el("th", { scope: "col" }, "Model"), el("th", { scope: "col" }, "Changed"))),
      body), more));
}

import { get, type ModelSummary } from "../api.js";
import { el, show } from "../dom.js";

export async function models(): Promise<void> {
  const list = await get<{ items: ModelSummary[] }>("models");
  show("Models",
    el("p", {}, "Every model is built from published numbers or from a cohort study of this platform; each names its source."),
    el("div", { class: "card wide" }, el("table", {},
      el("thead", {}, el("tr", {}, ...["Model", "Cancer type", "Version", "Source"].map(text => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...list.items.map(item => el("tr", {},
        el("td", {}, el("a", { href: `#/models/${item.id}` }, item.title), el("br"), el("span", { class: "soft" }, item.id)),
        el("td", {}, item.cancerType), el("td", {}, item.version), el("td", {}, item.doi ?? "")))))));
}

export async function model(id: string): Promise<void> {
  const document = await get<Record<string, unknown>>(`models/${encodeURIComponent(id)}`);
  show(`Model ${id}`, el("p", {}, el("a", { href: "#/models" }, "All models")),
    el("pre", { class: "card wide" }, JSON.stringify(document, null, 2)));
}

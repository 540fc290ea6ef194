import { Refusal } from "./api.js";
import { language, local, t, type Key } from "./words.js";

export type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

/** Makes an element. Text always goes in as text, so nothing that came from outside is ever read as markup. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...present(children));
  return element;
}

function present(children: Child[]): (Node | string)[] {
  return children.filter(child => child !== null && child !== undefined && child !== false).map(child => child instanceof Node ? child : String(child));
}

/** Shows a page: its title is the only h1 and names the browser's tab. */
export function show(title: string, ...children: Child[]): void {
  document.title = `${title} · BoneMetPlatform`;
  document.getElementById("main")!.replaceChildren(el("h1", {}, title), ...present(children));
}

export function card(title: string, ...children: Child[]): HTMLElement {
  return el("section", { class: "card" }, el("h2", {}, title), ...children);
}

/** A refusal in words; the platform's own sentence is English. */
export function fault(reason: unknown): HTMLElement {
  const text = reason instanceof Error ? reason.message : String(reason);
  const mine = reason instanceof Refusal && reason.status > 0;
  const box = el("div", { class: "fault", role: "alert" });
  if (mine && reason.status === 401) box.append(el("p", {}, t("This key is not accepted. Sign out and give another.")));
  else {
    const said = el("p", {}, text);
    if (mine) said.lang = "en";
    if (mine && language !== "en") box.append(el("p", {}, t(sentence(reason.status))));
    if (language === "en" || !mine || reason.details.length === 0 || reason.details.some(each => typeof each === "string")) box.append(said);
  }
  if (mine && reason.details.length > 0) box.append(el("ul", {}, ...reason.details.map(each => typeof each === "string" ? el("li", { lang: "en" }, each) : el("li", {}, local(each.words)))));
  return box;
}

function sentence(status: number): Key {
  if (status === 404) return "Nothing of this kind is here that you may see.";
  if (status === 403) return "This key may not do that.";
  if (status === 409) return "It has changed meanwhile; look again.";
  return status >= 500 ? "The platform has a fault." : "The platform did not take this:";
}

/** A table that scrolls by itself on a narrow screen and can be reached by keyboard. */
export function table(caption: string, heads: Child[], rows: Child[][], numbers: number[] = []): HTMLElement {
  const kind = (index: number): Attributes => numbers.includes(index) ? { class: "number" } : {};
  return el("div", { class: "wide", tabindex: "0", role: "group", "aria-label": caption },
    el("table", {}, el("caption", {}, caption),
      el("thead", {}, el("tr", {}, ...heads.map((head, index) => el("th", { scope: "col", ...kind(index) }, head)))),
      el("tbody", {}, ...rows.map(row => tableRow(row, kind)))));
}

function tableRow(row: Child[], kind: (index: number) => Attributes): HTMLElement {
  return el("tr", {}, ...row.map((cell, index) => index === 0 ? el("th", { scope: "row" }, cell) : el("td", kind(index), cell)));
}

export function facts(rows: [string, Child][]): HTMLElement {
  return el("dl", {}, ...rows.filter(([, value]) => value !== undefined && value !== null && value !== "").flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

let fields = 0;

/** A label with its control. */
export function field(label: string, control: HTMLElement, hint?: string): HTMLElement {
  control.id ||= `field-${++fields}`;
  const box = el("div", { class: "field" }, el("label", { for: control.id }, label), control);
  if (hint !== undefined) {
    const text = el("p", { class: "soft", id: `${control.id}-hint` }, hint);
    control.setAttribute("aria-describedby", text.id);
    box.append(text);
  }
  return box;
}

export function choice(options: [string, string][], chosen = ""): HTMLSelectElement {
  const list = el("select", {}, ...options.map(([value, text]) => el("option", { value }, text)));
  list.value = chosen;
  return list;
}

/** A button whose click may take a while and may be refused; what is said of it goes into `said`. */
export function action(text: string, said: HTMLElement, act: () => Promise<void>, quiet = true): HTMLButtonElement {
  const button = el("button", { type: "button", ...(quiet ? { class: "quiet" } : {}) }, text);
  button.addEventListener("click", () => {
    button.disabled = true;
    said.replaceChildren();
    act().catch((reason: unknown) => said.replaceChildren(fault(reason))).finally(() => { button.disabled = false; });
  });
  return button;
}

/** Where a page says what came of an action. */
export function saying(): HTMLElement { return el("div", { "aria-live": "polite", class: "said" }); }

export function percent(value: number): string {
  const hundred = value * 100;
  return `${hundred.toFixed((hundred < 0.1 && hundred > 0) || (hundred > 99.9 && hundred < 100) ? 2 : 1)} %`;
}

export function moment(at: string): string {
  return new Date(at).toLocaleString(language, { dateStyle: "medium", timeStyle: "medium" });
}

export function bytes(count: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return new Intl.NumberFormat(language, { style: "unit", unit: units[power]!, maximumFractionDigits: power === 0 ? 0 : 1 }).format(count / 1000 ** power);
}

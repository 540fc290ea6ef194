type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

/** Makes an element. Text always goes in as text, so nothing that came from outside is ever read as markup. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else element.setAttribute(name, value);
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

export function show(title: string, ...children: Child[]): HTMLElement {
  const main = document.getElementById("main")!;
  document.title = `${title} · BoneMetPlatform`;
  main.replaceChildren(el("h1", {}, title), ...children.filter((child): child is Node | string => child instanceof Node || typeof child === "string"));
  return main;
}

export function fault(reason: unknown): HTMLElement {
  return el("p", { class: "fault", role: "alert" }, reason instanceof Error ? reason.message : String(reason));
}

export function percent(value: number): string {
  const hundred = value * 100;
  return `${hundred < 10 || hundred > 90 ? hundred.toFixed(1) : hundred.toFixed(0)} %`;
}

export function moment(at: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

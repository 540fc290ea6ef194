const namespace = "http://www.w3.org/2000/svg";

/** An empty picture that is read out as one sentence. */
export function drawing(width: number, height: number, sentence: string): SVGElement {
  const svg = document.createElementNS(namespace, "svg");
  for (const [key, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": sentence, class: "curve" })) svg.setAttribute(key, value);
  return svg;
}

export function shape(into: Element, name: string, attributes: Record<string, string | number>, text = ""): void {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  into.append(element);
}

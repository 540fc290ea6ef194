import { call } from "../api.js";
import { el, type Child } from "../dom.js";
import { language, t } from "../words.js";

/** nomogram.js is the script of the report; the portal loads the same one. */
declare function boneMetNomogram(root: Element): void;

/** A nomogram that the platform drew as a fragment of a page (it escapes every text), with its controls brought to life. */
export async function nomogram(path: string, signal: AbortSignal, ...below: Child[]): Promise<HTMLElement | null> {
  const markup = await (await call(`${path}?language=${language.slice(0, 2)}`, { signal })).text();
  if (markup.trim() === "") return null;
  const place = el("div", {});
  place.innerHTML = markup;
  for (const root of place.querySelectorAll("[data-nomogram]")) boneMetNomogram(root);
  return el("section", { class: "card" }, el("h2", {}, t("Nomogram")), place, ...below);
}

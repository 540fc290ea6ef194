import { get, type CaseView } from "../api.js";
import { bytes, card, el, facts, fault, percent } from "../dom.js";
import { stateChip } from "./chips.js";
import { slideViewer } from "./slide-viewer.js";
import { plural, t } from "../words.js";

interface SlideView {
  slideId: string; length: number; state: string; reason?: string;
  facts?: { format: string; width: number; height: number; micronsPerPixel: number; tissueTiles: number; tissueFraction: number; notes?: string[] };
}

/** The slides of a case, each with its facts and a viewer. */
export async function slideSection(view: CaseView, signal: AbortSignal): Promise<HTMLElement[]> {
  if (view.strands["pathology"]?.status === "absent") return [];
  let slides: SlideView[];
  try { slides = await get<SlideView[]>(`cases/${view.id}/slides`, signal); } catch (reason) { return signal.aborted ? [] : [card(t("Slides"), fault(reason))]; }
  if (slides.length === 0) return [];
  const parts = await Promise.all(slides.map(slide => one(view.id, slide, signal)));
  return [card(t("Slides"), ...parts)];
}

async function one(caseId: string, slide: SlideView, signal: AbortSignal): Promise<HTMLElement> {
  const found = slide.facts;
  const box = el("div", { class: "slide" }, el("p", {}, stateChip(slide.state), ` ${bytes(slide.length)}`));
  if (slide.reason) box.append(el("p", { lang: "en" }, slide.reason));
  if (found) {
    box.append(facts([
      [t("Format"), found.format], [t("Size"), `${found.width} × ${found.height}, ${found.micronsPerPixel.toFixed(3)} µm`],
      [t("Tissue"), `${percent(found.tissueFraction)}, ${plural(found.tissueTiles, "tile")}`], [t("Notes"), found.notes && found.notes.length > 0 ? el("span", { lang: "en" }, found.notes.join(" ")) : null],
    ]));
    box.append(await slideViewer(`cases/${caseId}/slides/${slide.slideId}`, found.micronsPerPixel, signal).catch((reason: unknown) => fault(reason)));
  }
  return box;
}

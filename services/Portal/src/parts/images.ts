import { call, get, type CaseView } from "../api.js";
import { card, choice, el, fault, field, saying } from "../dom.js";
import { plural, t } from "../words.js";

interface Series { studyUid: string; seriesUid: string; modality: string; description?: string; instances: number }
interface ImagesView { state: string; totalInstances: number; series: Series[]; regions: { name: string; source: string; chosen: boolean }[]; conflicts: string[]; failure?: { reason?: string } }
type Attribute = { Value?: unknown[] };
interface Frame { path: string; position: number }

const pictures = new Set(["CT", "MR", "PT", "CR", "DX", "MG", "NM", "US", "XA", "RF", "OT", "SC"]);

/** The images of a case: what is held, and a viewer of its series. */
export async function imageSection(view: CaseView, signal: AbortSignal): Promise<HTMLElement[]> {
  if (view.strands["imaging"]?.status === "absent") return [];
  let images: ImagesView;
  try { images = await get<ImagesView>(`cases/${view.id}/images`, signal); } catch (reason) { return signal.aborted ? [] : [card(t("Images"), fault(reason))]; }
  if (images.totalInstances === 0) return [];
  const drawn = images.series.filter(series => pictures.has(series.modality));
  const parts: HTMLElement[] = [el("p", {}, images.series.map(series => `${series.modality}: ${plural(series.instances, "image")}`).join("; "))];
  if (images.regions.length > 0) parts.push(el("p", {}, `${t("Regions")}: ${images.regions.map(region => `${region.name} (${region.source}${region.chosen ? `, ${t("used")}` : ""})`).join("; ")}`));
  if (images.conflicts.length > 0) parts.push(el("p", { class: "wait" }, t("Came again with other content and kept aside: {n}", { n: images.conflicts.length })));
  if (drawn.length > 0) parts.push(viewer(drawn, signal));
  return [card(t("Images"), ...parts)];
}

function viewer(series: Series[], signal: AbortSignal): HTMLElement {
  const list = choice(series.map((each, index) => [String(index), `${each.modality} ${each.description ?? ""} (${each.instances})`]), "0");
  const slider = el("input", { type: "range", min: "0", value: "0", step: "1" });
  const windows = choice([["", t("as stored")], ["40,400", t("soft tissue")], ["-600,1500", t("lung")], ["400,1800", t("bone")]]);
  const picture = el("img", { class: "slice", alt: "" });
  const where = el("p", { class: "soft", role: "status" });
  const said = saying();
  const held = new Map<string, Promise<string>>();
  let frames: Frame[] = [];
  signal.addEventListener("abort", () => { for (const link of held.values()) link.then(URL.revokeObjectURL, () => undefined); });

  function address(frame: Frame): Promise<string> {
    const path = frame.path + (windows.value ? `?window=${windows.value}` : "");
    let link = held.get(path);
    if (link === undefined) {
      link = call(path, { signal }).then(response => response.blob()).then(blob => URL.createObjectURL(blob));
      link.catch(() => held.delete(path));
      held.set(path, link);
    }
    return link;
  }

  async function draw(): Promise<void> {
    const at = Number(slider.value), frame = frames[at];
    if (frame === undefined) return;
    where.textContent = t("Image {n} of {all}", { n: at + 1, all: frames.length });
    slider.setAttribute("aria-valuetext", where.textContent);
    const link = await address(frame);
    if (Number(slider.value) !== at) return;
    picture.src = link;
    picture.alt = where.textContent;
    for (const near of [frames[at + 1], frames[at - 1]]) if (near) void address(near).catch(() => undefined);
  }

  async function open(): Promise<void> {
    const { studyUid, seriesUid } = series[Number(list.value)]!;
    const base = `/dicomweb/studies/${studyUid}/series/${seriesUid}/instances`;
    const found = await get<Record<string, Attribute>[]>(`${base}?limit=5000&includefield=00280008`, signal);
    frames = found.flatMap(instance => {
      const path = `${base}/${String(instance["00080018"]?.Value?.[0])}`;
      const position = Number(instance["00200013"]?.Value?.[0] ?? 0), count = Number(instance["00280008"]?.Value?.[0] ?? 1);
      return Array.from({ length: count }, (_, n) => ({ path: count > 1 ? `${path}/frames/${n + 1}/rendered` : `${path}/rendered`, position: position + n / count }));
    }).sort((a, b) => a.position - b.position);
    slider.max = String(Math.max(0, frames.length - 1));
    slider.value = String(Math.floor(frames.length / 2));
    await draw();
  }

  const tell = (work: Promise<void>): void => { work.then(() => said.replaceChildren(), (reason: unknown) => { if (!signal.aborted) said.replaceChildren(fault(reason)); }); };
  list.addEventListener("change", () => tell(open()));
  windows.addEventListener("change", () => tell(draw()));
  slider.addEventListener("input", () => tell(draw()));
  picture.addEventListener("wheel", event => {
    event.preventDefault();
    slider.value = String(Number(slider.value) + Math.sign(event.deltaY));
    tell(draw());
  }, { passive: false });
  tell(open());
  return el("div", { class: "viewer" }, el("div", { class: "row" }, field(t("Series"), list), field(t("Window"), windows)), field(t("Image"), slider), picture, where, said);
}

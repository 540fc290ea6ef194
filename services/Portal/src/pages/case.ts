import { address, call, follow, get, send, type CaseView, type LocalText, type ModelSummary, type Page, type Prediction, type StrandView } from "../api.js";
import { action, card, el, facts, fault, field, moment, percent, saying, show, table } from "../dom.js";
import { chip, strandName } from "../parts/chips.js";
import { cancerName, factorName, histologyName } from "../parts/dictionary.js";
import { factorForm } from "../parts/factor-form.js";
import { imageSection } from "../parts/images.js";
import { nomogram } from "../parts/nomogram.js";
import { slideSection } from "../parts/slides.js";
import { filePickers, sendImages, sendSlide } from "../parts/uploads.js";
import { language, languages, local, plural, t, type Key } from "../words.js";
import { factorsOf } from "./new-case.js";

const kinds: Record<string, Key> = {
  "case-created": "Case opened", "strand-working": "In work", "strand-ready": "Ready", "strand-failed": "Failed", "strand-asked-again": "Asked again", "material-not-used": "Not used", "prediction-added": "Prediction added", "volume-stored": "Volume made", "slide-tiled": "Tiled", "labels-fused": "Labels fused", "threshold-crossed": "Threshold crossed",
};
const intervals: Record<string, Key> = {
  "delta-method": "from the covariance matrix", "independence-approximation": "from standard errors taken as independent", "wilson": "Wilson, from the published counts", "published": "as published", "published-range": "range of published values",
};

export async function casePage(id: string, signal: AbortSignal): Promise<void> {
  const path = `cases/${encodeURIComponent(id)}`;
  let view = await get<CaseView>(path, signal);
  const places = { risk: el("div"), strands: el("div"), nomogram: el("div"), points: el("div"), images: el("div"), slides: el("div"), history: el("div"), timeline: el("ol", { class: "timeline" }) };
  const live = el("p", { class: "soft", role: "status" });
  show(t("Case of {subject}", { subject: view.subject }),
    el("div", { class: "columns" }, places.risk, places.strands),
    places.nomogram, places.points, reports(view), places.images, places.slides,
    await change(view, signal), places.history,
    el("div", { class: "columns" }, card(t("Timeline"), live, places.timeline), await about(view)));

  let shownPrediction: string | undefined;
  let shownImages = "", shownSlides = "", entries = 0;
  async function draw(): Promise<void> {
    const newest = view.predictions.at(-1);
    live.textContent = view.settled ? t("Everything that was announced has come.") : t("Work goes on; this page follows it.");
    places.risk.replaceChildren(await risk(newest));
    places.strands.replaceChildren(await strands(view, signal));
    for (const entry of view.timeline.slice(entries)) places.timeline.append(timelineEntry(entry));
    entries = view.timeline.length;
    const imaging = `${view.strands["imaging"]?.status}`, pathology = `${view.strands["pathology"]?.status}`;
    if (imaging !== shownImages) { shownImages = imaging; places.images.replaceChildren(...await imageSection(view, signal)); }
    if (pathology !== shownSlides) { shownSlides = pathology; places.slides.replaceChildren(...await slideSection(view, signal)); }
    if (newest !== undefined && newest.predictionId !== shownPrediction) {
      shownPrediction = newest.predictionId;
      const picture = await nomogram(`${path}/nomogram.html`, signal).catch((reason: unknown) => card(t("Nomogram"), fault(reason)));
      places.nomogram.replaceChildren(...picture === null ? [] : [picture]);
      places.points.replaceChildren(await points(newest));
      places.history.replaceChildren(...history(view.predictions));
    }
  }
  await draw();

  let drawing = false;
  void follow(view.id, view.timeline.at(-1)?.sequence ?? 0, signal, () => {
    if (drawing) return;
    drawing = true;
    setTimeout(() => {
      drawing = false;
      if (signal.aborted) return;
      get<CaseView>(path, signal).then(async latest => { view = latest; await draw(); }).catch((reason: unknown) => { if (!signal.aborted) live.replaceChildren(fault(reason)); });
    }, 200);
  });
}

async function risk(prediction: Prediction | undefined): Promise<HTMLElement> {
  if (!prediction) return card(t("Risk of bone metastasis"), el("p", {}, t("No prediction yet: none of the strands is ready.")));
  const { probability, interval, baseRate } = prediction;
  const range = interval.low !== undefined && interval.high !== undefined
    ? `${percent(interval.low)} – ${percent(interval.high)} (${interval.kind in intervals ? t(intervals[interval.kind]!) : interval.kind})` : t("no interval: no precision was published");
  return card(t("Risk of bone metastasis"),
    probability === undefined ? el("p", {}, prediction.band ? local(prediction.band) : t("This model gives no probability.")) : el("p", { class: "risk" }, percent(probability)),
    prediction.text ? el("p", {}, local(prediction.text)) : null,
    facts([
      [t("95 % interval"), range],
      [t("In the population"), baseRate ? `${percent(baseRate.rate)} (${local(baseRate.label)})` : null],
      [t("Model"), el("span", {}, el("a", { href: `#/models/${prediction.modelId}` }, local(prediction.modelTitle)), ` ${prediction.modelVersion}`)],
      [t("Source"), el("span", { lang: "en" }, prediction.citation)],
      [t("Missing"), (await Promise.all(prediction.missing.map(factorName))).join(", ")],
      [t("Criteria that hold"), prediction.criteriaMet.join(", ")],
      [t("Outside the validated range"), (await Promise.all(prediction.outOfRange.map(factorName))).join(", ")],
      [t("Made from"), Object.keys(prediction.strands).map(strandName).join(", ")],
      [t("At"), moment(prediction.at)],
    ]),
    ...prediction.refusals.map(refusal => el("p", { class: "fault" }, local(refusal.reason))),
    prediction.warnings.length > 0 ? el("ul", { class: "warnings" }, ...prediction.warnings.map(text => el("li", {}, local(text)))) : null,
    el("p", { class: "soft" }, local(prediction.intendedUse)));
}

async function strands(view: CaseView, signal: AbortSignal): Promise<HTMLElement> {
  const parts: HTMLElement[] = [];
  for (const [name, strand] of Object.entries(view.strands)) {
    parts.push(el("div", { class: "strand" }, el("p", {}, chip(name, strand.status)), ...explain(strand), ...await maps(name, strand, signal)));
  }
  return card(t("Strands"), ...parts);
}

function explain(strand: StrandView): HTMLElement[] {
  const said = [...strand.reason ? [strand.reasonWords ?? strand.reason] : [], ...strand.noteWords ?? strand.notes ?? []].map(text => sentence("p", text));
  const { label } = strand;
  if (!label) return said;
  return [...said, facts([
    [t("Label (logit)"), label.logit.toFixed(3) + (label.standardError === undefined ? "" : ` ± ${label.standardError.toFixed(3)}`)],
    [t("Encoder"), `${label.encoderId} ${label.encoderVersion}, ${label.provider}`],
    [t("Use"), label.withheld ? el("span", { lang: "en" }, label.withheld) : !label.trained ? t("UNTRAINED encoder: shown, not used.") : label.synthetic ? t("trained on SYNTHETIC data") : t("trained")],
  ])];
}

/** Pictures of what an encoder looked at. */
async function maps(name: string, strand: StrandView, signal: AbortSignal): Promise<HTMLElement[]> {
  const pictures = Object.entries(strand.label?.pictures ?? {});
  return Promise.all(pictures.map(async ([picture, path]) => el("figure", {},
    el("img", { src: await address(path, signal), alt: t("What the encoder looked at: {picture} of {strand}", { picture, strand: strandName(name) }) }),
    el("figcaption", {}, picture))));
}

async function points(prediction: Prediction): Promise<HTMLElement> {
  if (prediction.points.length === 0) return card(t("Points of each factor"), el("p", {}, t("This model takes no points: the number is the rate of the group that the patient belongs to.")));
  const status: Record<string, Key> = { "used": "used", "average": "not given: cohort average", "out-of-range": "outside the model's range" };
  return card(t("Points of each factor"), table(t("Points of each factor"), [t("Factor"), t("Value"), t("Points"), t("Log-odds"), t("Status")],
    prediction.points.map(row => [local(row.label), row.valueLabel ? local(row.valueLabel) : row.value ?? "", row.points.toFixed(1), row.logOdds.toFixed(3), row.status in status ? t(status[row.status]!) : row.status]), [2, 3]));
}

function history(predictions: Prediction[]): HTMLElement[] {
  if (predictions.length < 2) return [];
  const rows = [...predictions].reverse().map(each => [moment(each.at), local(each.modelTitle), each.modelVersion, each.probability === undefined ? "–" : percent(each.probability),
    each.interval.low !== undefined && each.interval.high !== undefined ? `${percent(each.interval.low)} – ${percent(each.interval.high)}` : "–", Object.keys(each.strands).map(strandName).join(", ")]);
  return [card(t("Every prediction of this case"), el("p", {}, t("A new one is added when a strand comes or changes; earlier ones stay.")),
    table(t("Every prediction of this case"), [t("When"), t("Model"), t("Version"), t("Probability"), t("Interval"), t("Made from")], rows, [3, 4]))];
}

function timelineEntry(entry: CaseView["timeline"][number]): HTMLElement {
  const kind = entry.kind in kinds ? t(kinds[entry.kind]!) : entry.kind;
  const said = sentence("span", entry.words ?? entry.text);
  return el("li", { class: entry.kind === "strand-failed" ? "failed" : "" },
    el("time", { datetime: entry.at }, new Date(entry.at).toLocaleTimeString(language)),
    // Some sentences begin with the word for their kind: it is not said twice.
    !entry.strand && said.textContent!.startsWith(kind) ? null : el("strong", {}, entry.strand ? `${strandName(entry.strand)}: ${kind}` : kind), " ", said);
}

/** The platform's sentence in the reader's language; marked as English where it has no other words. */
function sentence(tag: "p" | "span", text: LocalText | string): HTMLElement {
  const said = local(text);
  return el(tag, said === (typeof text === "string" ? text : text.en) ? { lang: "en" } : {}, said);
}

async function about(view: CaseView): Promise<HTMLElement> {
  return card(t("Facts"), facts([
    [t("Case"), view.id], [t("Site"), view.site], [t("Subject"), view.subject], [t("Cancer type"), await cancerName(view.cancerType)],
    [t("Histology"), view.histology ? await histologyName(view.histology) : null], [t("Opened"), moment(view.createdAt)], [t("Changed"), moment(view.updatedAt)], [t("Trace"), view.traceId],
  ]));
}

function reports(view: CaseView): HTMLElement {
  const said = saying();
  const open = (code: string): HTMLElement => action(languages.find(each => each.code === code)!.name, said, async () => {
    // The window is opened at once, while the click still counts as one; what it shows comes afterwards.
    const page = window.open("", "_blank");
    if (page) page.opener = null;
    try {
      const link = URL.createObjectURL(await (await call(`cases/${view.id}/report?language=${code}`)).blob());
      if (page) page.location.href = link; else location.href = link;
      setTimeout(() => URL.revokeObjectURL(link), 120_000);
    } catch (reason) { page?.close(); throw reason; }
  });
  const save = (text: string, path: string, name: string): HTMLElement => action(text, said, async () => {
    const link = URL.createObjectURL(await (await call(`cases/${view.id}/${path}`)).blob());
    el("a", { href: link, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(link), 120_000);
  });
  return card(t("Report"),
    el("div", { class: "row" }, el("span", {}, `${t("Open")}:`), ...languages.map(each => open(each.code))),
    el("div", { class: "row" }, el("span", {}, `${t("Download")}:`), save("PDF", `report.pdf?language=${language}`, `bonemet-${view.id}.pdf`), save("FHIR", `fhir?language=${language}`, `bonemet-${view.id}.fhir.json`),
      save("SVG", `nomogram.svg?language=${language.slice(0, 2)}`, `bonemet-${view.id}.svg`)), said);
}

async function change(view: CaseView, signal: AbortSignal): Promise<HTMLElement> {
  const known = (await get<Page<ModelSummary>>("models", signal)).items;
  const form = await factorForm(view.factors);
  form.wanted(factorsOf(known, view.cancerType));
  const said = saying();
  const uploads = el("div", {});
  const files = filePickers();
  const save = action(t("Save the factors"), said, async () => {
    const given = form.read();
    if (given === undefined) return;
    await send("PUT", `cases/${view.id}/factors`, { factors: given });
    said.replaceChildren(el("p", {}, t("Saved; the new prediction follows above.")));
  }, false);
  const sendFiles = action(t("Send"), said, async () => {
    const images = files.chosen(), slide = files.slide.files?.[0];
    if (images.length === 0 && !slide) { said.replaceChildren(el("p", {}, t("Choose files first."))); return; }
    const sent = await Promise.allSettled([...(images.length > 0 ? [sendImages(view.id, images, uploads, signal)] : []), ...(slide ? [sendSlide(view.id, slide, uploads, signal)] : [])]);
    const done = sent.filter(each => each.status === "fulfilled").length;
    if (done > 0) said.replaceChildren(el("p", {}, `${plural(done, "upload")} ${t("received")}.`));
  }, false);
  return el("details", { class: "card" }, el("summary", {}, el("h2", {}, t("Change factors, add images or a slide"))), form.element, el("p", {}, save),
    el("div", { class: "row" }, field(t("DICOM files or one zip"), files.images), field(t("or a folder"), files.folder), field(t("Pathology slide (TIFF, SVS …)"), files.slide), sendFiles), uploads, said);
}

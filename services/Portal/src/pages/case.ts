import { call, follow, get, type CaseView, type Prediction, type StrandView } from "../api.js";
import { el, moment, percent, show } from "../dom.js";
import { chip } from "./cases.js";

export async function casePage(id: string, signal: AbortSignal): Promise<void> {
  let view = await get<CaseView>(`cases/${id}`);
  await draw(view);
  let drawing = false;
  void follow(id, view.timeline.at(-1)?.sequence ?? 0, signal, () => {
    if (drawing) return;
    drawing = true;
    setTimeout(() => {
      drawing = false;
      if (!signal.aborted) void get<CaseView>(`cases/${id}`).then(async latest => { view = latest; await draw(view); });
    }, 150);
  });
}

async function draw(view: CaseView): Promise<void> {
  const prediction = view.predictions.at(-1);
  show(`Case of ${view.subject}`,
    el("section", { class: "columns" }, risk(prediction, view.predictions.length), strands(view)),
    prediction ? await nomogram(view.id) : el("span"),
    prediction ? points(prediction) : el("span"),
    el("section", { class: "columns" }, timeline(view), facts(view)));
}

function risk(prediction: Prediction | undefined, count: number): HTMLElement {
  if (!prediction) return el("section", { class: "card" }, el("h2", {}, "Risk of bone metastasis"), el("p", {}, "No prediction yet: none of the strands is ready."));
  const { probability, interval } = prediction;
  return el("section", { class: "card" },
    el("h2", {}, "Risk of bone metastasis"),
    probability === undefined ? el("p", {}, "This model gives no probability.") : el("p", { class: "risk" }, percent(probability)),
    el("p", {}, interval?.low !== undefined && interval.high !== undefined
      ? `${percent(interval.low)} to ${percent(interval.high)} (${interval.kind})` : "No interval: none was published for this model."),
    prediction.text?.en ? el("p", {}, prediction.text.en) : null,
    el("p", { class: "soft" }, "Model ", el("a", { href: `#/models/${prediction.modelId}` }, prediction.modelId), ` version ${prediction.modelVersion}, ${moment(prediction.at)}`,
      count > 1 ? `; ${count - 1} earlier prediction${count > 2 ? "s" : ""} kept` : ""),
    ...(prediction.warnings ?? []).map(text => el("p", { class: "fault" }, text.en)));
}

function strands(view: CaseView): HTMLElement {
  return el("section", { class: "card" }, el("h2", {}, "Strands"),
    ...Object.entries(view.strands).map(([name, strand]) => el("div", {}, el("p", {}, chip(name, strand.status), " ", explain(strand)))));
}

function explain(strand: StrandView): string {
  if (strand.reason) return strand.reason;
  const label = strand.label;
  if (!label) return (strand.notes ?? []).join(" ");
  const value = `label ${label.logit.toFixed(2)} (logit), ${label.encoderId} ${label.encoderVersion}, ${label.provider}`;
  if (label.withheld) return `label withheld: ${label.withheld}`;
  if (!label.trained) return `${value}. UNTRAINED encoder: shown, not used.`;
  return label.synthetic ? `${value}. Trained on SYNTHETIC data.` : value;
}

async function nomogram(id: string): Promise<HTMLElement> {
  const picture = el("img", { alt: "Nomogram of the model with this patient's values marked; the table below gives the same numbers" });
  const blob = await (await call(`cases/${id}/nomogram.svg`)).blob();
  picture.src = URL.createObjectURL(blob);
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  const report = el("button", {
    type: "button", class: "quiet",
    click: () => void call(`cases/${id}/report`).then(response => response.blob()).then(page => {
      const link = URL.createObjectURL(page);
      window.open(link, "_blank", "noopener");
      setTimeout(() => URL.revokeObjectURL(link), 60_000);
    }),
  }, "Open the report");
  return el("section", { class: "card nomogram" }, el("h2", {}, "Nomogram"), picture, el("p", {}, report));
}

function points(prediction: Prediction): HTMLElement {
  const rows = prediction.points ?? [];
  const missing = (prediction.missing ?? []).map(item => typeof item === "string" ? item : item.factor);
  return el("section", { class: "card wide" }, el("h2", {}, "Points of each factor"),
    rows.length === 0 ? el("p", {}, "This model takes no factor: the number is the base rate of the cancer type.") : el("table", {},
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Factor"), el("th", { scope: "col" }, "Value"),
        el("th", { scope: "col", class: "number" }, "Points"), el("th", { scope: "col", class: "number" }, "Log-odds"))),
      el("tbody", {}, ...rows.map(row => el("tr", {}, el("td", {}, row.factor), el("td", {}, row.value ?? ""),
        el("td", { class: "number" }, row.points?.toFixed(1) ?? ""), el("td", { class: "number" }, row.logOdds?.toFixed(3) ?? ""))))),
    missing.length > 0 ? el("p", {}, `Missing: ${missing.join(", ")}`) : null);
}

function timeline(view: CaseView): HTMLElement {
  return el("section", { class: "card" }, el("h2", {}, "Timeline"),
    el("ol", { class: "timeline", "aria-live": "polite" }, ...view.timeline.map(entry =>
      el("li", {}, el("time", { datetime: entry.at }, new Date(entry.at).toLocaleTimeString()), entry.text))));
}

function facts(view: CaseView): HTMLElement {
  const rows: [string, string][] = [
    ["Case", view.id], ["Site", view.site], ["Cancer", view.histology ? `${view.cancerType}, ${view.histology}` : view.cancerType],
    ["Opened", moment(view.createdAt)], ["Trace", view.traceId ?? "none"],
  ];
  return el("section", { class: "card" }, el("h2", {}, "Facts"), el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}

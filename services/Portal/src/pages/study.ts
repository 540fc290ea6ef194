import { address, call, get } from "../api.js";
import { action, card, el, facts, fault, moment, saying, show } from "../dom.js";
import { stateChip } from "../parts/chips.js";
import { studyName, type Study } from "../parts/protocol.js";
import { t } from "../words.js";
import { watch } from "./cohorts.js";

export async function study(cohortId: string, studyId: string, signal: AbortSignal): Promise<void> {
  const path = `cohorts/${cohortId}/studies/${studyId}`;
  const state = el("div", { "aria-live": "polite" }), results = el("div", {});
  let shown = "";

  async function load(): Promise<boolean> {
    const found = await get<Study>(path, signal);
    const unfinished = found.state === "queued" || found.state === "running";
    state.replaceChildren(card(t("State"), el("p", {}, stateChip(found.state), " ", unfinished ? el("progress", { max: "1", value: String(found.progress), "aria-label": t("Progress") }) : null),
      found.reason ? el("p", { class: "fault", lang: "en" }, found.reason) : null,
      facts([[t("Outcome"), found.protocol.outcome], [t("Asked"), moment(found.at)], [t("Finished"), found.finishedAt ? moment(found.finishedAt) : null], [t("Protocol (SHA-256)"), found.protocolSha256]]),
      unfinished ? stop() : null,
      el("details", {}, el("summary", {}, t("Protocol")), el("pre", { tabindex: "0" }, JSON.stringify(found.protocol, null, 2)))));
    if (found.state !== shown) {
      shown = found.state;
      document.querySelector("h1")!.textContent = studyName(found.protocol.kind);
      if (found.state === "done") results.replaceChildren(...await drawn(found, signal));
    }
    return unfinished;
  }

  function stop(): HTMLElement {
    const said = saying();
    return el("div", {}, action(t("Stop"), said, async () => { await call(path, { method: "DELETE" }); await load(); }), said);
  }

  show(t("Study"), el("p", {}, el("a", { href: `#/cohorts/${cohortId}` }, t("Back to the cohort"))), state, results);
  if (await load()) void watch(load, signal);
}

async function drawn(found: Study, signal: AbortSignal): Promise<HTMLElement[]> {
  const said = saying();
  const { links } = found;
  const buttons: HTMLElement[] = [];
  if (links["report"]) {
    const path = links["report"];
    buttons.push(action(t("Open the report"), said, async () => { window.open(URL.createObjectURL(await (await call(path)).blob()), "_blank", "noopener"); }, false));
  }
  for (const [kind, name] of [["result", t("Numbers (JSON)")], ["model", t("Model document (JSON)")]] as const) {
    const path = links[kind];
    if (path) buttons.push(action(name, said, async () => el("a", { href: URL.createObjectURL(await (await call(path)).blob()), download: `${kind}-${found.studyId}.json` }).click()));
  }
  const pictures = await Promise.all(Object.entries(links).filter(([name]) => name.startsWith("picture:")).map(async ([name, path]) => {
    const text = name.slice("picture:".length);
    return el("figure", {}, el("img", { class: "chart", src: await address(path, signal), alt: t("{picture}; the report has the same numbers as a table", { picture: text }) }), el("figcaption", {}, text));
  })).catch((reason: unknown) => [fault(reason)]);
  return [card(t("Results"), el("div", { class: "row" }, ...buttons), said, ...pictures)];
}

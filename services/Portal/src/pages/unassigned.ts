import { get, send, type CaseSummary, type Page } from "../api.js";
import { action, el, moment, saying, show, table } from "../dom.js";
import { plural, t } from "../words.js";

interface Study { studyUid: string; subject: string; studyDate?: string; description?: string; modalities: string[]; instances: number; lastArrival: string }

/** Studies that a PACS sent and that belong to no case yet, each with the case that it may be meant for. */
export async function unassigned(signal: AbortSignal): Promise<void> {
  const waiting = await get<Study[]>("unassigned-studies", signal);
  const said = saying();
  const rows = await Promise.all(waiting.map(async study => [
    el("span", {}, study.subject || t("no pseudonym"), el("br"), el("span", { class: "soft uid" }, study.studyUid)),
    [study.modalities.join(", "), study.description].filter(Boolean).join(": "), plural(study.instances, "image"), moment(study.lastArrival),
    assignment(study, await likely(study, signal), said),
  ]));
  show(t("Unassigned studies"),
    el("p", {}, t("They came by DICOM and name no case. Give each to the case that it belongs to; what comes later of the same study follows.")),
    said,
    el("div", { class: "card" }, rows.length === 0 ? el("p", {}, t("None waits.")) : table(t("Unassigned studies"), [t("Subject"), t("Study"), t("Size"), t("Came"), t("Case")], rows)));
}

/** Cases of the same pseudonym, newest first. */
async function likely(study: Study, signal: AbortSignal): Promise<CaseSummary[]> {
  if (study.subject === "") return [];
  try { return (await get<Page<CaseSummary>>(`cases?limit=5&subject=${encodeURIComponent(study.subject)}`, signal)).items; } catch { return []; }
}

function assignment(study: Study, cases: CaseSummary[], said: HTMLElement): HTMLElement {
  const give = async (id: string): Promise<void> => {
    await send("POST", `unassigned-studies/${study.studyUid}/assignment`, { caseId: id });
    location.hash = `#/case/${id}`;
  };
  const input = el("input", { autocomplete: "off", "aria-label": `${t("Case id")}: ${study.subject || study.studyUid}`, size: "12" });
  const typed = action(t("Assign"), said, async () => { if (input.value.trim() !== "") await give(input.value.trim()); });
  return el("div", {}, ...cases.map(each => action(t("To the case of {subject}, opened {at}", { subject: each.subject, at: moment(each.createdAt) }), said, () => give(each.id), false)),
    el("div", { class: "row" }, input, typed));
}

import { get, upload, type Page } from "../api.js";
import { bytes, card, el, facts, fault, field, moment, saying, show, table } from "../dom.js";
import { stateChip } from "../parts/chips.js";
import { protocolForm, type Cohort, type Study, studyName } from "../parts/protocol.js";
import { plural, t } from "../words.js";

export async function cohorts(signal: AbortSignal): Promise<void> {
  const said = saying();
  const place = el("div", {});
  async function load(): Promise<void> {
    const known: Cohort[] = [];
    let next: string | undefined;
    do {
      const page: Page<Cohort> = await get(`cohorts?limit=200${next ? `&after=${encodeURIComponent(next)}` : ""}`, signal);
      known.push(...page.items);
      next = page.next;
    } while (next);
    known.sort((a, b) => b.at.localeCompare(a.at));
    place.replaceChildren(known.length === 0 ? el("p", {}, t("No cohort yet: upload the first table.")) : table(t("Cohorts"), [t("Name"), t("Rows"), t("Columns"), t("Size"), t("Uploaded")],
      known.map(each => [el("a", { href: `#/cohorts/${each.cohortId}` }, each.name), each.rows, each.columns.length, bytes(each.bytes), moment(each.at)]), [1, 2, 3]));
  }

  const file = el("input", { type: "file", accept: ".csv,.tsv,.txt", required: true });
  const name = el("input", { maxlength: "200", required: true, autocomplete: "off" });
  const bar = el("progress", { max: "1", "aria-label": t("Upload"), hidden: true });
  file.addEventListener("change", () => { if (name.value === "") name.value = file.files?.[0]?.name.replace(/\.[^.]*$/, "") ?? ""; });
  const submit = el("button", { type: "submit" }, t("Upload"));
  const form = el("form", { class: "card", submit: event => {
    event.preventDefault();
    submit.disabled = true;
    bar.hidden = false;
    said.replaceChildren();
    upload<Cohort>(`cohorts?name=${encodeURIComponent(name.value)}`, file.files![0]!, "text/csv", share => { bar.value = share; }, signal)
      .then(made => { location.hash = `#/cohorts/${made.cohortId}`; }, (reason: unknown) => said.replaceChildren(fault(reason)))
      .finally(() => { submit.disabled = false; bar.hidden = true; });
  } }, el("h2", {}, t("Upload a cohort")), el("p", { class: "soft" }, t("A CSV or TSV table: a header, a row for each patient, no names or hospital numbers.")),
  el("div", { class: "row" }, field(t("File"), file), field(t("Name"), name), submit, bar), said);
  await load();
  show(t("Cohorts"), form, el("div", { class: "card" }, place));
}

export async function cohort(id: string, signal: AbortSignal): Promise<void> {
  const found = await get<Cohort>(`cohorts/${id}`, signal);
  const said = saying();
  const place = el("div", {});
  async function load(): Promise<boolean> {
    const { items } = await get<Page<Study>>(`cohorts/${id}/studies?limit=200`, signal);
    items.sort((a, b) => b.at.localeCompare(a.at));
    place.replaceChildren(items.length === 0 ? el("p", {}, t("No study yet.")) : table(t("Studies"), [t("Study"), t("State"), t("Outcome"), t("Asked")],
      items.map(each => [el("a", { href: `#/cohorts/${id}/studies/${each.studyId}` }, studyName(each.protocol.kind)), stateChip(each.state), each.protocol.outcome, moment(each.at)])));
    return items.some(each => each.state === "queued" || each.state === "running");
  }
  await load();
  show(found.name,
    el("p", {}, el("a", { href: "#/cohorts" }, t("All cohorts"))),
    card(t("Facts"), facts([
      [t("Rows"), found.rows], [t("Columns"), found.columns.length], [t("Size"), bytes(found.bytes)], [t("Uploaded"), moment(found.at)], ["SHA-256", found.sha256],
      [t("Cells that could not be read"), found.rejectedCells > 0 ? found.rejectedCells : null], [t("Notes"), found.notes.length > 0 ? el("span", { lang: "en" }, found.notes.join(" ")) : null],
    ])),
    card(t("Studies"), place),
    protocolForm(found, async made => { location.hash = `#/cohorts/${id}/studies/${made.studyId}`; }),
    el("details", { class: "card" }, el("summary", {}, el("h2", {}, `${t("Columns")}: ${plural(found.columns.length, "column")}`)), table(t("Columns"), [t("Column"), t("Kind"), t("Levels"), t("Missing")],
      found.columns.map(column => [column.name, column.kind === "numeric" ? t("number") : column.kind === "date" ? t("date") : t("levels"), column.levels ?? "", column.missing]), [2, 3])), said);
  void watch(load, signal);
}

/** Looks again while something is queued or runs. */
export async function watch(look: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  let more = true;
  while (more && !signal.aborted) {
    await new Promise(resolve => setTimeout(resolve, 1000));
    if (signal.aborted) return;
    more = await look().catch(() => !signal.aborted);
  }
}

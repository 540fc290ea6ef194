import { send } from "../api.js";
import { action, choice, el, field, saying } from "../dom.js";
import { t, type Key } from "../words.js";

export interface Column { name: string; kind: string; missing: number; levels?: number }
export interface Cohort { cohortId: string; name: string; sha256: string; bytes: number; rows: number; columns: Column[]; rejectedCells: number; notes: string[]; at: string }
export interface Study { studyId: string; cohortId: string; state: string; progress: number; reason?: string; protocol: { kind: string; outcome: string }; protocolSha256: string; at: string; finishedAt?: string; links: Record<string, string> }

const kinds: [string, Key][] = [
  ["describe", "Describe: table 1 by outcome"], ["screen", "Screen: each factor by itself"], ["fit", "Fit: multivariable logistic model"], ["validate", "Validate: the model with its bootstrap"],
  ["nomogram", "Nomogram of the model"], ["strata", "Strata: the same in each group?"], ["survival", "Survival: Cox, Kaplan–Meier"], ["impute", "Impute: the model on imputed data"],
];

export function studyName(kind: string): string {
  const found = kinds.find(([name]) => name === kind);
  return found ? t(found[1]) : kind;
}

/** What a study shall do, put together from the columns of its cohort. The protocol is frozen when it is sent. */
export function protocolForm(cohort: Cohort, made: (study: Study) => Promise<void>): HTMLElement {
  const names = cohort.columns.map(column => [column.name, column.name] as [string, string]);
  const two = cohort.columns.filter(column => column.levels === 2 || column.kind === "numeric").map(column => [column.name, column.name] as [string, string]);
  const optional = (text: Key): [string, string][] => [["", t(text)], ...names];
  const kind = choice(kinds.map(([name, text]) => [name, t(text)]), "fit");
  const guess = two.find(([name]) => /^(y|outcome|event|status|bm|bone.?met.*|metastas.*)$/i.test(name))?.[0] ?? two.at(-1)?.[0] ?? "";
  const outcome = choice(two, guess);
  const event = el("input", { autocomplete: "off", size: "10" });
  const strata = choice(optional("none"), ""), site = choice(optional("none"), ""), time = choice(optional("none"), "");
  const missing = choice([["complete-case", t("left out")], ["indicator", t("a level of its own")]], "complete-case");
  const bootstrap = el("input", { type: "number", min: "0", max: "20000", value: "200" });
  const seed = el("input", { type: "number", value: "1" });
  const prevalence = el("input", { type: "number", min: "0.001", max: "0.999", step: "any" });
  const firth = el("input", { type: "checkbox" }), matched = el("input", { type: "checkbox" });
  const boxes = cohort.columns.filter(column => column.kind !== "date").map(column => {
    const box = el("input", { type: "checkbox" });
    const curve = column.kind === "numeric" ? choice([["", t("straight line")], ["3", t("curve, 3 knots")], ["4", t("curve, 4 knots")], ["5", t("curve, 5 knots")]], "") : undefined;
    curve?.setAttribute("aria-label", `${column.name}: ${t("form")}`);
    return { column, box, curve, element: el("div", { class: "factor" }, el("label", {}, box, ` ${column.name}`), curve) };
  });
  const said = saying();
  const survival = el("div", { class: "row" }, field(t("Follow-up time"), time));
  const follow = (): void => {
    survival.hidden = kind.value !== "survival";
    for (const { column, element } of boxes) element.hidden = column.name === outcome.value;
  };
  for (const list of [kind, outcome]) list.addEventListener("change", follow);
  follow();

  const submit = action(t("Freeze the protocol and run"), said, async () => {
    const chosen = boxes.filter(({ box, column }) => box.checked && column.name !== outcome.value);
    const splines = Object.fromEntries(chosen.flatMap(({ column, curve }) => curve?.value ? [[column.name, Number(curve.value)]] : []));
    const protocol = {
      schema: "bonemet.study/1", kind: kind.value, outcome: outcome.value, ...(event.value ? { event: event.value } : {}), factors: chosen.map(({ column }) => column.name), splines,
      ...(strata.value ? { strata: strata.value } : {}), ...(site.value ? { site: site.value } : {}), ...(kind.value === "survival" && time.value ? { time: time.value } : {}),
      missing: missing.value, bootstrap: Number(bootstrap.value || 0), seed: Number(seed.value || 1), firth: firth.checked, matched: matched.checked, ...(prevalence.value ? { prevalence: Number(prevalence.value) } : {}),
    };
    await made(await send<Study>("POST", `cohorts/${cohort.cohortId}/studies`, protocol));
  }, false);
  const tick = (box: HTMLInputElement, text: string): HTMLElement => el("label", { class: "tick" }, box, ` ${text}`);
  return el("section", { class: "card" }, el("h2", {}, t("Define a study")),
    el("div", { class: "row" }, field(t("What is done"), kind), field(t("Outcome"), outcome), field(t("Value that is the event"), event, t("empty: 1, or the second level"))),
    el("fieldset", {}, el("legend", {}, t("Factors")), el("p", { class: "soft" }, t("None chosen: every column that can be one.")), el("div", { class: "factors" }, ...boxes.map(({ element }) => element))),
    survival,
    el("details", {}, el("summary", {}, t("More")),
      el("div", { class: "row" }, field(t("Strata"), strata), field(t("Site column"), site), field(t("Patients with a missing factor"), missing)),
      el("div", { class: "row" }, field(t("Bootstrap samples"), bootstrap), field(t("Seed"), seed), field(t("Prevalence in the population"), prevalence)),
      tick(firth, t("Firth's penalised likelihood (rare events, separation)")), tick(matched, t("cases and controls were matched"))),
    el("p", {}, submit), said);
}

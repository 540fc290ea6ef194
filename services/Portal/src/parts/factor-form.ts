import type { Factor, FactorValue } from "../api.js";
import { choice, el } from "../dom.js";
import { language, local, t } from "../words.js";
import { factors } from "./dictionary.js";

/** Factors that the case itself states. */
const ofTheCase = new Set(["cancer-type", "histology"]);

export interface FactorForm {
  element: HTMLElement;

  /** Shows first what the models of this cancer type take. */
  wanted: (names: Set<string>) => void;

  /** What was filled in, or undefined when something cannot be taken: the field says what, and has the focus. */
  read: () => FactorValue[] | undefined;
}

/** A form made of the factor dictionary: a field and its unit, or a list, for each factor. */
export async function factorForm(given: FactorValue[]): Promise<FactorForm> {
  const known = [...(await factors()).values()].filter(factor => !ofTheCase.has(factor.name));
  const first = el("div", { class: "factors" });
  const others = el("div", { class: "factors" });
  const rest = el("details", {}, el("summary", {}, t("Further factors")), others);
  const rows = known.map(factor => factorRow(factor, given.find(value => value.name === factor.name)));
  others.append(...rows.map(row => row.element));

  return {
    element: el("div", {}, first, rest),
    wanted: names => {
      for (const row of rows) (names.has(row.factor.name) || row.filled() ? first : others).append(row.element);
      rest.hidden = others.children.length === 0;
    },
    read: () => {
      const faulty = rows.filter(row => !row.check());
      if (faulty.length > 0) {
        if (others.contains(faulty[0]!.element)) rest.open = true;
        faulty[0]!.focus();
        return undefined;
      }
      return rows.flatMap(row => row.filled() ? [row.value()] : []);
    },
  };
}

interface Row { factor: Factor; element: HTMLElement; filled: () => boolean; check: () => boolean; value: () => FactorValue; focus: () => void }

function factorRow(factor: Factor, given: FactorValue | undefined): Row {
  const id = `factor-${factor.name}`;
  const label = el("label", { for: id }, local(factor.label));
  if (factor.levels.length > 0) {
    const list = choice([["", t("not given")], ...factor.levels.map(level => [level.name, local(level.label)] as [string, string])], given === undefined ? "" : String(given.value));
    list.id = id;
    return {
      factor, element: el("div", { class: "factor" }, label, list), filled: () => list.value !== "", check: () => true,
      value: () => ({ name: factor.name, value: list.value }), focus: () => list.focus(),
    };
  }
  return numberRow(factor, given, id, label);
}

function numberRow(factor: Factor, given: FactorValue | undefined, id: string, label: HTMLElement): Row {
  const note = el("p", { class: "note", id: `${id}-note` });
  const input = el("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", "aria-describedby": note.id });
  input.value = given === undefined ? "" : String(given.value);
  const units = [...new Set([factor.unit, ...factor.units].filter((unit): unit is string => unit !== undefined))];
  const unit = choice(units.map(each => [each, unitName(each)]), given?.unit ?? factor.unit ?? "");
  unit.setAttribute("aria-label", `${local(factor.label)}: ${t("unit")}`);
  const number = (): number => Number(input.value.trim().replace(",", "."));

  // Units are multiples of the canonical one; the limits are told in the unit that is chosen.
  const scale = (): number => factor.factors[unit.value] ?? 1;
  const shown = (limit: number): string => new Intl.NumberFormat(language, { maximumSignificantDigits: 4 }).format(limit / scale());
  const range = (low: number | undefined, high: number | undefined): string => `${low === undefined ? "" : shown(low)} – ${high === undefined ? "" : shown(high)} ${unitName(unit.value)}`.trim();

  function check(): boolean {
    const value = number() * scale();
    let problem = "";
    if (input.value.trim() !== "") {
      if (!Number.isFinite(value)) problem = t("This is not a number.");
      else if (factor.wholeNumber && !Number.isInteger(number())) problem = t("A whole number is needed.");
      else if ((factor.hardLow !== undefined && value < factor.hardLow) || (factor.hardHigh !== undefined && value > factor.hardHigh)) problem = t("Impossible: it lies within {range}.", { range: range(factor.hardLow, factor.hardHigh) });
    }
    const unusual = problem === "" && input.value.trim() !== "" && ((factor.plausibleLow !== undefined && value < factor.plausibleLow) || (factor.plausibleHigh !== undefined && value > factor.plausibleHigh));
    note.textContent = problem || (unusual ? t("Unusual: mostly {range}. Please look again.", { range: range(factor.plausibleLow, factor.plausibleHigh) }) : t("mostly {range}", { range: range(factor.plausibleLow, factor.plausibleHigh) }));
    note.className = problem ? "note bad" : unusual ? "note wait" : "note soft";
    input.setAttribute("aria-invalid", String(problem !== ""));
    return problem === "";
  }

  input.addEventListener("input", check);
  unit.addEventListener("change", check);
  check();
  return {
    factor, check, filled: () => input.value.trim() !== "", focus: () => input.focus(),
    element: el("div", { class: "factor" }, label, el("div", { class: "measure" }, input, units.length > 1 ? unit : el("span", { class: "unit" }, unitName(factor.unit ?? ""))), note),
    value: () => ({ name: factor.name, value: number(), ...(units.length > 0 ? { unit: unit.value || factor.unit || "" } : {}) }),
  };
}

function unitName(unit: string): string {
  if (unit === "a") return t("years");
  if (unit === "mo") return t("months");
  return unit.startsWith("{") ? "" : unit.replace(/^u(?=mol|g|kat)/, "µ").replace(/^10\*(\d+)/, (_, power: string) => `10${[...power].map(digit => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`);
}

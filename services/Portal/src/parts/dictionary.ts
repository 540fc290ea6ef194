import { get, type Factor, type ModelSummary } from "../api.js";
import { local, t } from "../words.js";

let dictionary: Promise<Map<string, Factor>> | undefined;

/** The factor dictionary, read once. */
export function factors(): Promise<Map<string, Factor>> {
  dictionary ??= get<Factor[]>("factors").then(list => new Map(list.map(factor => [factor.name, factor])));
  dictionary.catch(() => { dictionary = undefined; });
  return dictionary;
}

export async function factorName(name: string): Promise<string> {
  const found = (await factors()).get(name);
  return found ? local(found.label) : name;
}

async function levelName(factor: string, level: string): Promise<string> {
  const found = (await factors()).get(factor)?.levels.find(each => each.name === level);
  return found ? local(found.label) : level;
}

export function cancerName(type: string): Promise<string> { return levelName("cancer-type", type); }

export function histologyName(histology: string): Promise<string> { return levelName("histology", histology); }

/** Cancer types that have a model, with their names. */
export async function cancerTypes(models: ModelSummary[]): Promise<[string, string][]> {
  const types = [...new Set(models.map(model => model.cancerType))].filter(type => type !== "any");
  const named = await Promise.all(types.map(async type => [type, await cancerName(type)] as [string, string]));
  return named.sort((a, b) => a[1].localeCompare(b[1]));
}

/** What a criterion or a level asks, as a model's document holds it. */
export interface Condition { all?: Condition[]; any?: Condition[]; not?: Condition; otherwise?: boolean; factor?: string; in?: string[]; unit?: string; above?: number; atLeast?: number; below?: number; atMost?: number }

/** The same in words: "C-reactive protein ≥ 0.4 mg/dL or albumin < 3.7 g/dL". */
export async function conditionText(when: Condition): Promise<string> {
  if (when.otherwise) return t("otherwise");
  if (when.not) return `${t("not")} (${await conditionText(when.not)})`;
  const parts = when.all ?? when.any;
  if (parts) return (await Promise.all(parts.map(conditionText))).join(` ${when.all ? t("and") : t("or")} `);
  const name = await factorName(when.factor!);
  if (when.in) return `${name}: ${(await Promise.all(when.in.map(level => levelName(when.factor!, level)))).join(", ")}`;
  const limits: [string, number | undefined][] = [[">", when.above], ["≥", when.atLeast], ["<", when.below], ["≤", when.atMost]];
  return `${name} ${limits.filter(([, limit]) => limit !== undefined).map(([sign, limit]) => `${sign} ${limit}`).join(", ")}${when.unit ? ` ${when.unit}` : ""}`;
}

import { get, type Factor, type ModelSummary } from "../api.js";
import { local } from "../words.js";

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

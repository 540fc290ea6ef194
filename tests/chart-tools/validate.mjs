// Validates rendered Kubernetes documents against the schemas of the package kubernetes-models: types, enums, required fields, formats.
// Standard input: YAML documents; arguments: kinds of custom resources, which have no schema here. Prints one line per fault; exit code 1 when there is one.
import { readFileSync } from 'node:fs';
import yaml from 'js-yaml';

const custom = new Set(process.argv.slice(2));
const faults = [];
let seen = 0;

for (const document of yaml.loadAll(readFileSync(0, 'utf8'))) {
  if (!document) continue;
  seen++;
  const name = `${document.kind} ${document.metadata?.name}`;
  if (custom.has(document.kind)) continue;
  try {
    const models = await import(`kubernetes-models/${document.apiVersion}`);
    if (!models[document.kind]) throw new Error(`${document.apiVersion} has no ${document.kind}`);
    new models[document.kind](document).validate();
  } catch (fault) {
    faults.push(`${name}: ${fault.message}`);
  }
}
for (const fault of faults) console.log(fault);
console.error(`${seen} documents`);
process.exit(faults.length > 0 || seen === 0 ? 1 : 0);

import { call, get, type ModelSummary, type NewFactor } from "../api.js";
import { el, fault, show } from "../dom.js";

export async function newCase(): Promise<void> {
  const known = await get<{ items: ModelSummary[] }>("models");
  const types = [...new Set(known.items.map(item => item.cancerType))].filter(type => type !== "any").sort();
  const subject = el("input", { id: "subject", required: true, maxlength: "64", pattern: "[A-Za-z0-9._\\-]+", autocomplete: "off" });
  const cancer = el("select", { id: "cancer", required: true }, ...types.map(type => el("option", { value: type }, type)));
  const histology = el("input", { id: "histology", autocomplete: "off" });
  const images = el("input", { id: "images", type: "file", multiple: true });
  const slide = el("input", { id: "slide", type: "file" });
  const rows = el("div");
  const said = el("div", { "aria-live": "polite" });
  const add = el("button", { type: "button", class: "quiet", click: () => rows.append(factorRow()) }, "Add a factor");
  rows.append(factorRow(), factorRow(), factorRow());

  const form = el("form", {
    class: "card",
    submit: event => {
      event.preventDefault();
      said.replaceChildren(el("p", {}, "Sending ..."));
      send().catch((reason: unknown) => said.replaceChildren(fault(reason)));
    },
  },
  el("label", { for: "subject" }, "Subject (a pseudonym of your own, never a name or hospital number)"), subject,
  el("label", { for: "cancer" }, "Cancer type"), cancer,
  el("label", { for: "histology" }, "Histology (optional)"), histology,
  el("fieldset", {}, el("legend", {}, "Clinical factors"), rows, el("p", {}, add)),
  el("label", { for: "images" }, "Images of the primary lesion: DICOM files or one zip (optional)"), images,
  el("label", { for: "slide" }, "Pathology slide: tiled TIFF or SVS (optional)"), slide,
  el("p", {}, el("button", { type: "submit" }, "Open the case")), said);
  show("New case", form);

  async function send(): Promise<void> {
    const expected = [...(images.files?.length ? ["imaging"] : []), ...(slide.files?.length ? ["pathology"] : [])];
    const body = { subject: subject.value, cancerType: cancer.value, ...(histology.value ? { histology: histology.value } : {}), factors: read(rows), expected };
    const created = await (await call("cases", {
      method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
    })).json() as { id: string };
    const uploads: Promise<unknown>[] = [];
    if (images.files?.length) uploads.push(sendImages(created.id, [...images.files]));
    if (slide.files?.[0]) uploads.push(call(`cases/${created.id}/slides`, { method: "POST", body: slide.files[0], headers: { "Content-Type": "application/octet-stream" } }));
    await Promise.all(uploads);
    location.hash = `#/case/${created.id}`;
  }
}

async function sendImages(id: string, files: File[]): Promise<void> {
  const [first] = files;
  if (files.length === 1 && first && first.name.toLowerCase().endsWith(".zip")) {
    await call(`cases/${id}/images`, { method: "POST", body: first, headers: { "Content-Type": "application/zip" } });
    return;
  }
  const form = new FormData();
  for (const [index, file] of files.entries()) form.append("files", file, `image-${index}.dcm`);
  await call(`cases/${id}/images`, { method: "POST", body: form });
}

function factorRow(): HTMLElement {
  const input = (name: string, label: string): HTMLElement => el("label", {}, label, " ", el("input", { name, autocomplete: "off", size: "14" }));
  return el("div", { class: "row" }, input("name", "Factor"), input("value", "Value"), input("unit", "Unit"));
}

function read(rows: HTMLElement): NewFactor[] {
  return [...rows.children].flatMap(row => {
    const value = (name: string): string => row.querySelector<HTMLInputElement>(`[name=${name}]`)!.value.trim();
    if (value("name") === "") return [];
    const number = Number(value("value"));
    return [{ name: value("name"), value: value("value") !== "" && !Number.isNaN(number) ? number : value("value"), ...(value("unit") ? { unit: value("unit") } : {}) }];
  });
}

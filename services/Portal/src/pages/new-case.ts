import { get, send, type ModelSummary, type Page } from "../api.js";
import { choice, el, fault, field, saying, show } from "../dom.js";
import { cancerTypes, factors } from "../parts/dictionary.js";
import { factorForm } from "../parts/factor-form.js";
import { filePickers, sendImages, sendSlide } from "../parts/uploads.js";
import { local, t } from "../words.js";

export async function newCase(signal: AbortSignal): Promise<void> {
  const known = (await get<Page<ModelSummary>>("models", signal)).items;
  const subject = el("input", { required: true, maxlength: "64", pattern: "[A-Za-z0-9._\\-]+", autocomplete: "off" });
  const cancer = choice(await cancerTypes(known));
  cancer.value = cancer.options[0]?.value ?? "";
  const names = (await factors()).get("histology")?.levels ?? [];
  const histology = choice([["", t("not given")], ...names.map(level => [level.name, local(level.label)] as [string, string])]);
  const clinical = await factorForm([]);
  const files = filePickers();
  const said = saying();
  const uploads = el("div", {});
  const submit = el("button", { type: "submit" }, t("Open the case"));

  const follow = (): void => clinical.wanted(factorsOf(known, cancer.value));
  cancer.addEventListener("change", follow);
  follow();

  const form = el("form", { class: "card" },
    field(t("Subject"), subject, t("A pseudonym of your own, never a name or a hospital number: letters, digits, dot, dash.")),
    el("div", { class: "row" }, field(t("Cancer type"), cancer), field(t("Histology"), histology)),
    el("fieldset", {}, el("legend", {}, t("Clinical factors")), el("p", { class: "soft" }, t("Leave empty what is not known. First come those that models of this cancer type take.")), clinical.element),
    el("fieldset", {}, el("legend", {}, t("Images and slide")),
      el("p", { class: "soft" }, t("They can come later too. Identity is taken out before anything is stored.")),
      el("div", { class: "row" }, field(t("DICOM files or one zip"), files.images), field(t("or a folder"), files.folder), field(t("Pathology slide (TIFF, SVS …)"), files.slide))),
    el("p", {}, submit), uploads, said);
  form.addEventListener("submit", event => {
    event.preventDefault();
    const given = clinical.read();
    if (given === undefined) return;
    submit.disabled = true;
    said.replaceChildren(el("p", {}, t("Sending …")));
    open(given).catch((reason: unknown) => said.replaceChildren(fault(reason))).finally(() => { submit.disabled = false; });
  });
  show(t("New case"), form);

  async function open(given: object[]): Promise<void> {
    const images = files.chosen(), slide = files.slide.files?.[0];
    const expected = [...(images.length > 0 ? ["imaging"] : []), ...(slide ? ["pathology"] : [])];
    const created = await send<{ id: string }>("POST", "cases", {
      subject: subject.value, cancerType: cancer.value, ...(histology.value ? { histology: histology.value } : {}), factors: given, expected,
    });
    said.replaceChildren(el("p", {}, t("The case is open."), " ", el("a", { href: `#/case/${created.id}` }, t("Go to it"))));
    const sent = await Promise.allSettled([
      ...(images.length > 0 ? [sendImages(created.id, images, uploads, signal)] : []),
      ...(slide ? [sendSlide(created.id, slide, uploads, signal)] : []),
    ]);

    // A refused upload has said why beside its name; the case is there all the same.
    if (sent.every(each => each.status === "fulfilled")) location.hash = `#/case/${created.id}`;
  }
}

/** What the models of a cancer type's bone metastases look at. */
export function factorsOf(models: ModelSummary[], cancerType: string): Set<string> {
  return new Set(models.filter(model => (model.cancerType === cancerType || model.cancerType === "any") && model.outcome.startsWith("bone-metastasis")).flatMap(model => model.factors));
}

import { upload } from "../api.js";
import { bytes, el, fault } from "../dom.js";
import { plural, t } from "../words.js";

interface Accepted { heldBack?: { item: string; reason: string }[]; conflicts?: string[] }

/** Sends the images of a case: files, a folder, or one zip. */
export function sendImages(caseId: string, files: File[], place: HTMLElement, signal: AbortSignal): Promise<void> {
  const [first] = files;
  if (files.length === 1 && first && first.name.toLowerCase().endsWith(".zip")) return send(`cases/${caseId}/images?complete=true`, first, "application/zip", t("Images"), first.size, place, signal);

  // Names of files may name a person; the platform needs none.
  const form = new FormData();
  let size = 0;
  for (const [index, file] of files.entries()) {
    form.append("files", file, `image-${index}.dcm`);
    size += file.size;
  }
  return send(`cases/${caseId}/images?complete=true`, form, null, `${t("Images")}, ${plural(files.length, "file")}`, size, place, signal);
}

export function sendSlide(caseId: string, file: File, place: HTMLElement, signal: AbortSignal): Promise<void> {
  return send(`cases/${caseId}/slides`, file, "application/octet-stream", t("Slide"), file.size, place, signal);
}

async function send(path: string, body: Blob | FormData, type: string | null, what: string, size: number, place: HTMLElement, leaving: AbortSignal): Promise<void> {
  const stop = new AbortController();
  leaving.addEventListener("abort", () => stop.abort());
  const name = `${what}, ${bytes(size)}`;
  const bar = el("progress", { max: "1", "aria-label": name });
  const share = el("span", { class: "share" });
  const cancel = el("button", { type: "button", class: "quiet", click: () => stop.abort() }, t("Stop"));
  const line = el("div", { class: "upload" }, el("span", {}, name), bar, share, cancel);
  place.append(line);
  try {
    const answer = await upload<Accepted | undefined>(path, body, type, done => {
      bar.value = done;
      share.textContent = done < 1 ? `${Math.round(done * 100)} %` : t("checking …");
    }, stop.signal);
    bar.value = 1;
    share.textContent = t("received");
    cancel.remove();
    const held = answer?.heldBack ?? [];
    if (held.length > 0) line.append(el("ul", { class: "wait", lang: "en" }, ...held.slice(0, 20).map(item => el("li", {}, `${item.item}: ${item.reason}`))));
  } catch (reason) {
    line.replaceChildren(el("span", {}, name), fault(reason));
    throw reason;
  }
}

/** File fields for images (files or a zip, or a whole folder) and a slide. */
export function filePickers(): { images: HTMLInputElement; folder: HTMLInputElement; slide: HTMLInputElement; chosen: () => File[] } {
  const images = el("input", { type: "file", multiple: true });
  const folder = el("input", { type: "file", webkitdirectory: true });
  const slide = el("input", { type: "file", accept: ".svs,.tif,.tiff,.ndpi,.scn,.mrxs,.bif,.vms" });
  return { images, folder, slide, chosen: () => [...images.files ?? [], ...folder.files ?? []].filter(file => !file.name.startsWith(".")) };
}

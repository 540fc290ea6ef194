import { call } from "../api.js";
import { el } from "../dom.js";
import { language, t } from "../words.js";

const furthest = 4;

/**
 * A DeepZoom slide on a canvas: drag or arrow keys to move, wheel or + and − to zoom. Tiles are asked for with the caller's key, which an img
 * element could not give; while a tile is on its way, the coarser one stands in its place.
 */
export async function slideViewer(path: string, micronsPerPixel: number, signal: AbortSignal): Promise<HTMLElement> {
  const description = new DOMParser().parseFromString(await (await call(`${path}.dzi`, { signal })).text(), "application/xml");
  const size = description.querySelector("Size")!, image = description.documentElement;
  const width = Number(size.getAttribute("Width")), height = Number(size.getAttribute("Height")), edge = Number(image.getAttribute("TileSize")), format = image.getAttribute("Format")!;
  const last = Math.ceil(Math.log2(Math.max(width, height)));

  const canvas = el("canvas", { class: "tissue", tabindex: "0", role: "img", "aria-label": t("The slide. Arrow keys move, plus and minus zoom, Home shows all.") });
  const scaleText = el("p", { class: "soft", role: "status" });
  const button = (text: string, name: string, act: () => void): HTMLElement => el("button", { type: "button", class: "quiet", "aria-label": name, click: act }, text);
  const element = el("div", { class: "viewer" }, canvas,
    el("div", { class: "row" }, button("+", t("Nearer"), () => zoom(1.5)), button("−", t("Further away"), () => zoom(1 / 1.5)), button("⤢", t("Show all"), () => fit()), scaleText));

  const tiles = new Map<string, ImageBitmap | "coming" | "none">();
  const view = { x: 0, y: 0, scale: 1 };
  let waiting = false;

  function fit(): void {
    view.scale = Math.min(canvas.width / width, canvas.height / height);
    view.x = (width - canvas.width / view.scale) / 2;
    view.y = (height - canvas.height / view.scale) / 2;
    redraw();
  }

  function zoom(factor: number, x = canvas.width / 2, y = canvas.height / 2): void {
    const least = Math.min(canvas.width / width, canvas.height / height) / 2;
    const next = Math.min(furthest, Math.max(least, view.scale * factor));
    view.x += x / view.scale - x / next;
    view.y += y / view.scale - y / next;
    view.scale = next;
    redraw();
  }

  function move(x: number, y: number): void { view.x += x / view.scale; view.y += y / view.scale; redraw(); }

  function redraw(): void {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; if (!signal.aborted) draw(); });
  }

  function draw(): void {
    const paint = canvas.getContext("2d")!;
    paint.fillStyle = "#fff";
    paint.fillRect(0, 0, canvas.width, canvas.height);
    const level = Math.max(0, Math.min(last, last + Math.ceil(Math.log2(view.scale))));
    for (const each of [Math.max(0, level - 3), level]) drawLevel(paint, each);
    scaleText.textContent = `${new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(100 * micronsPerPixel / view.scale)} µm / 100 px`;
  }

  function drawLevel(paint: CanvasRenderingContext2D, level: number): void {
    const reduced = 2 ** (last - level), span = edge * reduced;
    const columns = Math.ceil(width / span), rows = Math.ceil(height / span);
    const from = (start: number): number => Math.max(0, Math.floor(start / span));
    const until = (end: number, count: number): number => Math.min(count - 1, Math.floor(end / span));
    for (let row = from(view.y); row <= until(view.y + canvas.height / view.scale, rows); row++) {
      for (let column = from(view.x); column <= until(view.x + canvas.width / view.scale, columns); column++) {
        const tile = take(level, column, row);
        if (tile === undefined) continue;
        const left = Math.round((column * span - view.x) * view.scale), top = Math.round((row * span - view.y) * view.scale);
        paint.drawImage(tile, left, top, Math.ceil(tile.width * reduced * view.scale), Math.ceil(tile.height * reduced * view.scale));
      }
    }
  }

  function take(level: number, column: number, row: number): ImageBitmap | undefined {
    const name = `${level}/${column}_${row}`, found = tiles.get(name);
    if (found === undefined) {
      tiles.set(name, "coming");
      call(`${path}_files/${name}.${format}`, { signal }).then(response => response.blob()).then(createImageBitmap)
        .then(bitmap => { keep(name, bitmap); redraw(); }, () => { if (!signal.aborted) tiles.set(name, "none"); });
    }
    return found instanceof ImageBitmap ? found : undefined;
  }

  /** A few hundred tiles are kept; the oldest go first. */
  function keep(name: string, bitmap: ImageBitmap): void {
    tiles.set(name, bitmap);
    for (const [old, each] of tiles) {
      if (tiles.size <= 400) break;
      if (each instanceof ImageBitmap) each.close();
      tiles.delete(old);
    }
  }

  const keys: Record<string, () => void> = {
    ArrowLeft: () => move(-80, 0), ArrowRight: () => move(80, 0), ArrowUp: () => move(0, -80), ArrowDown: () => move(0, 80), "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), Home: fit,
  };
  canvas.addEventListener("keydown", event => { const act = keys[event.key]; if (act) { event.preventDefault(); act(); } });
  canvas.addEventListener("wheel", event => { event.preventDefault(); zoom(event.deltaY < 0 ? 1.25 : 0.8, event.offsetX * devicePixelRatio, event.offsetY * devicePixelRatio); }, { passive: false });
  canvas.addEventListener("pointerdown", event => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", event => { if (event.buttons === 1) move(-event.movementX * devicePixelRatio, -event.movementY * devicePixelRatio); });
  let fitted = false;
  new ResizeObserver(() => {
    canvas.width = Math.max(1, canvas.clientWidth * devicePixelRatio);
    canvas.height = Math.max(1, canvas.clientHeight * devicePixelRatio);
    if (fitted) redraw(); else { fitted = true; fit(); }
  }).observe(canvas);
  return element;
}

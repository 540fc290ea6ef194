// A nomogram that a reader can move. One file for the report, which holds it, and for the portal, which loads it; no server is asked anything.
"use strict";
function boneMetNomogram(root) {
  const model = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  const find = role => root.querySelector(`[data-role='${role}']`);
  const rows = model.terms.map((_, i) => ({
    range: find(`range-${i}`), number: find(`number-${i}`), list: find(`list-${i}`), absent: find(`absent-${i}`), points: find(`points-${i}`),
  }));
  const svg = root.querySelector("svg[data-model]");
  const x = new Array(model.beta.length).fill(0);
  let values = model.terms.map(term => term.start);

  /** Columns of one term; false: the model gives no answer at this value. */
  function fill(term, value) {
    const first = term.first;
    if (value === null) {
      for (let j = 0; j < term.count; j++) x[first + j] = term.means ? term.means[j] : 0;
      return term.means !== undefined && !term.required;
    }
    if (term.levels !== undefined) {
      for (let j = 0; j < term.count; j++) x[first + j] = j === value ? 1 : 0;
      return true;
    }
    if (term.kind === "label") { x[first] = Math.min(term.high, Math.max(term.low, value)); return true; }
    x[first] = value;
    if (term.kind === "spline") {
      const k = term.knots, last = k[k.length - 1], before = k[k.length - 2], scale = (last - k[0]) * (last - k[0]);
      const cube = u => u > 0 ? u * u * u : 0;
      for (let j = 0; j < k.length - 2; j++) {
        x[first + j + 1] = (cube(value - k[j]) - cube(value - before) * (last - k[j]) / (last - before) + cube(value - last) * (before - k[j]) / (last - before)) / scale;
      }
    }
    return !(term.refuse && outside(term, value));
  }

  function outside(term, value) { return value !== null && term.levels === undefined && (value < term.low || value > term.high); }

  // The coefficients' variance and that of the labels that are given.
  function variance() {
    const coefficients = varianceOfCoefficients();
    return coefficients === null ? null : model.terms.reduce((sum, term, i) => term.error && values[i] !== null ? sum + term.error * term.error : sum, coefficients);
  }

  function varianceOfCoefficients() {
    const v = model.variance;
    if (!v) return null;
    if (v.squares) return x.reduce((sum, value, i) => sum + value * value * v.squares[i], v.intercept);
    const n = x.length;
    let sum = v.matrix[n][n];
    for (let i = 0; i < n; i++) {
      if (x[i] === 0) continue;
      sum += 2 * x[i] * v.matrix[i][n];
      for (let j = 0; j < n; j++) sum += x[i] * x[j] * v.matrix[i][j];
    }
    return sum;
  }

  const logistic = value => value >= 0 ? 1 / (1 + Math.exp(-value)) : Math.exp(value) / (1 + Math.exp(value));
  const percent = p => (p < 0.001 || p > 0.999 ? String(Number((p * 100).toFixed(4))) : (p * 100).toFixed(1)) + " %";
  const points = (block, contribution) => (contribution - block.least) * model.perUnit;

  function answer(linear) {
    if (model.family === "score") {
      const band = model.bands.find(b => linear >= b.from && linear <= b.to);
      return band === undefined ? null : { probability: band.risk, text: percent(band.risk) };
    }
    if (model.family === "cox") {
      const probability = 1 - Math.pow(model.survival, Math.exp(linear));
      return { probability, text: percent(probability) };
    }
    if (!model.givesProbability) return { ratio: Math.exp(linear - model.offset), text: Math.exp(linear - model.offset).toFixed(2) };
    const probability = logistic(linear), spread = variance();
    // Independent standard errors say nothing of the reference patient: a width of zero would claim certainty.
    const half = spread === null || (model.variance.squares && spread === 0) ? null : 1.959963984540054 * Math.sqrt(Math.max(0, spread));
    return { probability, text: percent(probability) + (half === null ? "" : ` (${percent(logistic(linear - half))} – ${percent(logistic(linear + half))})`) };
  }

  function update() {
    let whole = true;
    model.terms.forEach((term, i) => { whole = fill(term, values[i]) && whole; });
    for (const [target, first, second] of model.products) x[target] = x[first] * x[second];
    let total = 0;
    const marks = [];
    for (const block of model.blocks) {
      let contribution = 0;
      for (const column of block.columns) contribution += model.beta[column] * x[column];
      const mine = points(block, contribution);
      total += mine;
      const known = block.terms.every(i => values[i] !== null || model.terms[i].means !== undefined);
      rows[block.row].points.textContent = known ? mine.toFixed(1) : "–";
      if (known) marks.push({ block, points: mine, assumed: block.terms.some(i => values[i] === null) });
    }
    let linear = model.offset;
    for (let j = 0; j < x.length; j++) linear += model.beta[j] * x[j];
    if (model.family === "score") total = linear;
    model.terms.forEach((_, i) => show(i));
    const said = whole ? answer(linear) : null;
    find("total").textContent = whole ? total.toFixed(1) : "–";
    const answered = find("answer");
    answered.textContent = said === null ? "–" : said.text;
    answered.dataset.value = said === null ? "" : String(said.probability ?? said.ratio);
    const outsiders = model.terms.filter((term, i) => outside(term, values[i])).map(term => term.label);
    const notes = [];
    if (!whole) notes.push(model.words.needed);
    if (outsiders.length > 0) notes.push(`${model.words.outside}: ${outsiders.join(", ")}`);
    find("notes").textContent = notes.join(" ");
    if (svg !== null) draw(marks, whole ? total : null);
  }

  function show(i) {
    const { range, number, list, absent } = rows[i], term = model.terms[i], value = values[i];
    if (list !== null) { list.value = value === null ? "" : String(value); return; }
    const shown = value === null ? "" : String(Number(value.toPrecision(6)));
    range.value = String(value ?? (term.low + term.high) / 2);
    range.setAttribute("aria-valuetext", value === null ? model.words.absent : shown);
    range.classList.toggle("absent", value === null);
    if (document.activeElement !== number) number.value = shown;
    if (absent !== null) absent.checked = value === null;
  }

  /** The line of a block on which the mark belongs: same levels of the interacting factors, nearest held number. */
  function lineOf(block) {
    let least = Infinity, best = 0;
    block.settings.forEach((setting, i) => {
      let distance = 0;
      for (const [term, held, isLevel] of setting) {
        const value = values[term], { low, high } = model.terms[term];
        distance += isLevel ? (held === value ? 0 : 1) : Math.abs(held - (value ?? (low + high) / 2)) / (high - low);
      }
      if (distance < least) { least = distance; best = i; }
    });
    return best;
  }

  const namespace = "http://www.w3.org/2000/svg";
  function shape(into, name, attributes) {
    const element = document.createElementNS(namespace, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    into.append(element);
  }
  const diamond = (at, y) => `M${at} ${y - 5.5}L${at + 5.5} ${y}L${at} ${y + 5.5}L${at - 5.5} ${y}Z`;

  /** Takes the drawn marks away and puts those of the moved values in their place. */
  function draw(marks, total) {
    for (const old of svg.querySelectorAll("[data-mark],[data-drop],[data-summary],g[data-moved]")) old.remove();
    const { left, right, least, most, totalFrom, totalTo } = model.scale;
    const at = (value, from, to) => left + (right - left) * (value - from) / (to - from);
    const y = selector => { const axis = svg.querySelector(selector); return axis === null ? null : Number(axis.dataset.y); };
    const group = document.createElementNS(namespace, "g"), under = document.createElementNS(namespace, "g");
    group.dataset.moved = under.dataset.moved = "";
    const top = y("[data-kind='points']");
    for (const mark of marks) {
      const row = y(`[data-kind='factor'][data-factor='${CSS.escape(mark.block.factor)}'][data-line='${lineOf(mark.block)}']`);
      if (row === null || top === null) continue;
      const where = at(mark.points, least, most);
      shape(under, "line", { x1: where, y1: top, x2: where, y2: row, stroke: marks.length > 12 ? "#bbb" : "#555", "stroke-width": 0.7, "stroke-dasharray": "3 3" });
      shape(group, "path", { d: diamond(where, row), fill: mark.assumed ? "#fff" : "#000", stroke: "#000", "stroke-width": 1.2, "data-mark": "factor", "data-points": mark.points });
    }
    const row = y("[data-kind='total']");
    if (total !== null && row !== null) {
      const where = at(total, totalFrom, totalTo);
      const axes = svg.querySelectorAll("g[data-y]");
      shape(under, "line", { x1: where, y1: row, x2: where, y2: Number(axes[axes.length - 1].dataset.y) + 5, stroke: "#000", "stroke-width": 1.6 });
      shape(group, "path", { d: diamond(where, row), fill: "#000", "data-mark": "total", "data-points": total });
    }
    svg.insertBefore(under, svg.querySelector("g[data-y]"));
    svg.append(group);
  }

  function set(i, value) { values[i] = value; update(); }

  model.terms.forEach((term, i) => {
    const { range, number, list, absent } = rows[i];
    if (list !== null) {
      list.addEventListener("change", () => set(i, list.value === "" ? null : Number(list.value)));
      return;
    }
    range.addEventListener("input", () => set(i, Number(range.value)));
    // Arrows go from one round value to the next; the pointer may stop anywhere.
    range.addEventListener("keydown", event => {
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const next = Math.round((values[i] ?? Number(range.value)) / term.step + step) * term.step;
      set(i, Math.min(term.high, Math.max(term.low, Number(next.toPrecision(12)))));
    });
    number.addEventListener("input", () => { if (number.value !== "" && number.validity.valid) set(i, Number(number.value)); });
    number.addEventListener("blur", () => show(i));
    if (absent !== null) absent.addEventListener("change", () => set(i, absent.checked ? null : Number(range.value)));
  });
  find("reset").addEventListener("click", () => { values = model.terms.map(term => term.start); update(); });
  update();
}
for (const root of document.querySelectorAll("[data-nomogram]")) boneMetNomogram(root);

import { get, key, type Me } from "./api.js";
import { choice, el, fault, show } from "./dom.js";
import { casePage } from "./pages/case.js";
import { caseList } from "./pages/cases.js";
import { cohort, cohorts } from "./pages/cohorts.js";
import { model, models } from "./pages/models.js";
import { newCase } from "./pages/new-case.js";
import { operator } from "./pages/operator.js";
import { study } from "./pages/study.js";
import { unassigned } from "./pages/unassigned.js";
import { worklist } from "./pages/worklist.js";
import { language, languages, speak, t, type Key } from "./words.js";

type View = (part: string[], signal: AbortSignal, me: Me) => Promise<void>;

const views: Record<string, View> = {
  cases: (_, signal) => caseList(signal),
  case: ([id], signal) => casePage(id ?? "", signal),
  new: (_, signal) => newCase(signal),
  worklist: (_, signal) => worklist(signal),
  unassigned: (_, signal) => unassigned(signal),
  cohorts: ([id, part, studyId], signal) => id === undefined ? cohorts(signal) : part === "studies" && studyId ? study(id, studyId, signal) : cohort(id, signal),
  models: ([id], signal) => id === undefined ? models(signal) : model(id, signal),
  operator: (_, signal) => operator(signal),
};
const menu: [string, Key][] = [["cases", "Cases"], ["new", "New case"], ["worklist", "Worklist"], ["unassigned", "Unassigned studies"], ["cohorts", "Cohorts"], ["models", "Models"], ["operator", "Operation"]];

let leaving = new AbortController();
let me: Me | undefined;

async function route(): Promise<void> {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const [page = "cases", ...parts] = (location.hash.replace(/^#\/?/, "").split("?")[0] || "cases").split("/").map(decodeURIComponent);
  document.getElementById("sign-out")!.hidden = key.get() === null;
  if (key.get() === null) { me = undefined; drawMenu(""); signIn(); return; }
  try {
    me ??= await get<Me>("me");
    drawMenu(page === "case" ? "cases" : page);
    await (views[page] ?? views["cases"]!)(parts, signal, me);
  } catch (reason) {
    if (!signal.aborted) show(t("That did not work"), fault(reason));
  }
  if (!signal.aborted) document.getElementById("main")!.focus();
}

function drawMenu(current: string): void {
  const shown = me === undefined ? [] : menu.filter(([page]) => page !== "operator" || me!.isOperator);
  document.getElementById("menu")!.replaceChildren(
    ...shown.map(([page, text]) => el("a", { href: `#/${page}`, ...(page === current ? { "aria-current": "page" } : {}) }, t(text))),
    el("a", { href: "/docs" }, t("API")));
  document.getElementById("who")!.textContent = me === undefined ? "" : me.isOperator ? t("Operator") : me.site;
}

function signIn(): void {
  const input = el("input", { id: "key", type: "password", autocomplete: "off", required: true });
  show(t("Sign in"), el("form", {
    class: "card",
    submit: event => { event.preventDefault(); key.set(input.value.trim()); void route(); },
  }, el("label", { for: "key" }, t("API key of your site")), el("div", { class: "row" }, input, el("button", { type: "submit" }, t("Sign in"))),
  el("p", { class: "soft" }, t("The key is kept in this browser tab only, and is gone when you close it."))));
  input.focus();
}

/** The frame around every page, in the reader's language. */
function drawFrame(): void {
  document.documentElement.lang = language;
  document.getElementById("skip")!.textContent = t("Skip to the content");
  document.getElementById("menu")!.setAttribute("aria-label", t("Main"));
  document.getElementById("notice")!.textContent = t("Research use. Not a medical device; no treatment decision may rest on it.");
  document.getElementById("sign-out")!.textContent = t("Sign out");
  const list = choice(languages.map(each => [each.code, each.name]), language);
  list.setAttribute("aria-label", t("Language"));
  for (const [index, each] of languages.entries()) list.options[index]!.lang = each.code;
  list.addEventListener("change", () => { speak(list.value); drawFrame(); void route(); });
  document.getElementById("language")!.replaceChildren(list);
}

document.getElementById("skip")!.addEventListener("click", event => { event.preventDefault(); document.getElementById("main")!.focus(); });
document.getElementById("sign-out")!.addEventListener("click", () => { key.clear(); location.hash = "#/cases"; void route(); });
window.addEventListener("hashchange", () => void route());
drawFrame();
void route();

import { key } from "./api.js";
import { el, fault, show } from "./dom.js";
import { caseList } from "./pages/cases.js";
import { casePage } from "./pages/case.js";
import { newCase } from "./pages/new-case.js";
import { models, model } from "./pages/models.js";

let leaving = new AbortController();

async function route(): Promise<void> {
  leaving.abort();
  leaving = new AbortController();
  const path = location.hash.replace(/^#\/?/, "") || "cases";
  const [page = "cases", id] = path.split("/").map(decodeURIComponent);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("header nav a")) {
    link.toggleAttribute("aria-current", link.getAttribute("href") === `#/${page}` || (page === "case" && link.getAttribute("href") === "#/cases"));
  }
  document.getElementById("sign-out")!.hidden = key.get() === null;
  if (key.get() === null) { signIn(); return; }
  try {
    if (page === "case" && id) await casePage(id, leaving.signal);
    else if (page === "new") await newCase();
    else if (page === "models") await (id ? model(id) : models());
    else await caseList();
  } catch (reason) {
    if (!leaving.signal.aborted) show("That did not work", fault(reason));
  }
  document.getElementById("main")!.focus();
}

function signIn(): void {
  const input = el("input", { id: "key", type: "password", autocomplete: "off", required: true, size: "60" });
  const form = el("form", {
    class: "card",
    submit: event => { event.preventDefault(); key.set(input.value.trim()); void route(); },
  }, el("label", { for: "key" }, "API key of your site"), input, " ", el("button", { type: "submit" }, "Sign in"),
  el("p", { class: "soft" }, "The key is kept in this browser tab only, and is gone when you close it."));
  show("Sign in", form);
  input.focus();
}

document.getElementById("sign-out")!.addEventListener("click", () => { key.clear(); location.hash = "#/cases"; void route(); });
window.addEventListener("hashchange", () => void route());
void route();

import { t } from "./words.js";

export interface LocalText { en: string; zh?: string; ru?: string }
export interface LabelView {
  logit: number; standardError?: number; encoderId: string; encoderVersion: string; trained: boolean; synthetic: boolean; provider: string; items: number;
  withheld?: string; pictures?: Record<string, string>;
}
export interface StrandView { status: string; since?: string; code?: string; reason?: string; reasonWords?: LocalText; notes?: string[]; noteWords?: LocalText[]; label?: LabelView }
export interface PointRow { factor: string; label: LocalText; value?: string; valueLabel?: LocalText; points: number; logOdds: number; status: string }
export interface Alternative { modelId: string; modelVersion: string; title: LocalText; needs: string[]; reason: string; text: string }
export interface Prediction {
  predictionId: string; at: string; modelId: string; modelVersion: string; modelTitle: LocalText; modelComplete: boolean; probability?: number; band?: LocalText;
  interval: { low?: number; high?: number; kind: string }; baseRate?: { label: LocalText; rate: number }; points: PointRow[]; missing: string[]; outOfRange: string[]; criteriaMet: string[];
  alternatives: Alternative[]; text?: LocalText; warnings: LocalText[]; refusals: { reason: LocalText }[]; intendedUse: LocalText; notFor: LocalText; citation: string;
  provider: string; strands: Record<string, string>;
}
export interface TimelineEntry { sequence: number; at: string; kind: string; strand?: string; text: string; words?: LocalText; traceId?: string }
export interface FactorValue { name: string; value: string | number; unit?: string }
export interface CaseView {
  id: string; site: string; subject: string; cancerType: string; histology?: string; createdAt: string; updatedAt: string; traceId?: string; settled: boolean;
  factors: FactorValue[]; strands: Record<string, StrandView>; predictions: Prediction[]; timeline: TimelineEntry[];
}
export interface CaseSummary {
  id: string; site: string; subject: string; cancerType: string; histology?: string; createdAt: string; updatedAt: string; settled: boolean; strands: Record<string, string>;
  probability?: number; modelId?: string; modelVersion?: string;
}
export interface ModelSummary {
  id: string; version: string; title: string; cancerType: string; histologies: string[]; family: string; outcome: string; complete: boolean; givesProbability: boolean;
  factors: string[]; sha256: string; doi?: string;
}
export interface Factor {
  name: string; label: LocalText; unit?: string; units: string[]; wholeNumber: boolean; hardLow?: number; hardHigh?: number; plausibleLow?: number; plausibleHigh?: number;
  factors: Record<string, number>; levels: { name: string; label: LocalText }[]; knownAt: string;
}
export interface Page<T> { items: T[]; next?: string }
export interface Me { site: string; isOperator: boolean }

const place = "bonemet-key";

export const key = {
  get: (): string | null => sessionStorage.getItem(place),
  set: (value: string): void => sessionStorage.setItem(place, value),
  clear: (): void => sessionStorage.removeItem(place),
};

/** A factor that was not taken, and why. */
export interface Detail { name: string; words: LocalText }

/** An answer that is no success, in the platform's own words (RFC 9457). */
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string | undefined, message: string, readonly details: (string | Detail)[] = []) { super(message); }
}

function refusal(status: number, text: string): Refusal {
  try {
    const body = JSON.parse(text) as { detail?: string; title?: string; code?: string; errors?: unknown };
    const errors = Array.isArray(body.errors) ? body.errors.map(detail) : [];
    return new Refusal(status, body.code, body.detail ?? body.title ?? t("The platform answered {status}.", { status }), errors);
  } catch {
    return new Refusal(status, undefined, t("The platform answered {status}.", { status }));
  }
}

function detail(error: unknown): string | Detail {
  if (typeof error === "string") return error;
  const { name, words, ...rest } = error as Record<string, unknown>;
  return typeof name === "string" && typeof words === "object" && words !== null ? { name, words: words as LocalText } : Object.values({ name, ...rest }).filter(value => typeof value === "string").join(": ");
}

function authorized(): Record<string, string> { return { Authorization: `Bearer ${key.get() ?? ""}` }; }

/** Calls a path below /api/v1, or an absolute one. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(authorized())) headers.set(name, value);
  let response: Response;
  try {
    response = await fetch(path.startsWith("/") ? path : `/api/v1/${path}`, { ...init, headers });
  } catch (fault) {
    if (init.signal?.aborted) throw fault;
    throw new Refusal(0, undefined, t("The platform cannot be reached. Is it running, and is the network up?"));
  }
  if (!response.ok) throw refusal(response.status, await response.text());
  return response;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await call(path, signal ? { signal } : {});
  return (response.status === 204 ? [] : await response.json()) as T;
}

export async function send<T>(method: string, path: string, body: unknown): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (method === "POST") headers["Idempotency-Key"] = crypto.randomUUID();
  const response = await call(path, { method, body: JSON.stringify(body), headers });
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Sends bytes and tells how far it is: fetch cannot, XMLHttpRequest can. */
export function upload<T>(path: string, body: Blob | FormData, type: string | null, tell: (share: number) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/${path}`);
    for (const [name, value] of Object.entries(authorized())) request.setRequestHeader(name, value);
    if (type !== null) request.setRequestHeader("Content-Type", type);
    request.upload.addEventListener("progress", event => { if (event.lengthComputable) tell(event.loaded / event.total); });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve((request.responseText === "" ? undefined : JSON.parse(request.responseText)) as T);
      else reject(refusal(request.status, request.responseText));
    });
    request.addEventListener("error", () => reject(new Refusal(0, undefined, t("The platform cannot be reached. Is it running, and is the network up?"))));
    request.addEventListener("abort", () => reject(new Refusal(0, "stopped", t("Stopped."))));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/** Something that only a caller may read, as an address that an img or a link can use; gone when the page is left. */
export async function address(path: string, signal: AbortSignal): Promise<string> {
  const link = URL.createObjectURL(await (await call(path, { signal })).blob());
  signal.addEventListener("abort", () => URL.revokeObjectURL(link), { once: true });
  return link;
}

/** Reads a case's timeline as it grows; starts again after the last entry when the connection breaks. */
export async function follow(caseId: string, after: number, signal: AbortSignal, tell: () => void): Promise<void> {
  let last = after;
  while (!signal.aborted) {
    try {
      const response = await call(`cases/${caseId}/events`, { signal, headers: { Accept: "text/event-stream", "Last-Event-ID": String(last) } });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
        let end: number;
        while ((end = text.indexOf("\n\n")) >= 0) {
          const id = /^id: ?(\d+)$/m.exec(text.slice(0, end));
          text = text.slice(end + 2);
          if (id) { last = Number(id[1]); tell(); }
        }
      }
    } catch (reason) {
      if (signal.aborted) return;
      if (reason instanceof Refusal && (reason.status === 401 || reason.status === 404)) return;
    }
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

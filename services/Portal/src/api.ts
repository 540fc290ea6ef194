export interface StrandView { status: string; since?: string; code?: string; reason?: string; notes?: string[]; label?: LabelView }
export interface LabelView { logit: number; encoderId: string; encoderVersion: string; trained: boolean; synthetic: boolean; provider: string; items: number; withheld?: string; pictures?: Record<string, string> }
export interface Interval { low?: number; high?: number; kind: string }
export interface PointRow { factor: string; value?: string | number; points?: number; logOdds?: number }
export interface Prediction { predictionId: string; at: string; modelId: string; modelVersion: string; probability?: number; interval?: Interval; points?: PointRow[]; missing?: (string | { factor: string })[]; text?: { en?: string }; provider: string; warnings?: { en: string }[]; intendedUse?: unknown }
export interface TimelineEntry { sequence: number; at: string; kind: string; strand?: string; text: string }
export interface CaseView {
  id: string; site: string; subject: string; cancerType: string; histology?: string; createdAt: string; updatedAt: string; traceId?: string; settled: boolean;
  strands: Record<string, StrandView>; predictions: Prediction[]; timeline: TimelineEntry[];
}
export interface CaseSummary { id: string; site: string; subject: string; cancerType: string; histology?: string; updatedAt: string; settled: boolean; strands: Record<string, string>; probability?: number; modelId?: string }
export interface ModelSummary { id: string; version: string; title: string; cancerType: string; sha256: string; complete?: boolean; doi?: string }
export interface Page<T> { items: T[]; next?: string }
export interface NewFactor { name: string; value: string | number; unit?: string }

const place = "bonemet-key";

export const key = {
  get: (): string | null => sessionStorage.getItem(place),
  set: (value: string): void => sessionStorage.setItem(place, value),
  clear: (): void => sessionStorage.removeItem(place),
};

/** A problem (RFC 9457) in words. */
async function problem(response: Response): Promise<Error> {
  if (response.status === 401) return new Error("This key is not accepted. Sign out and give another.");
  try {
    const body = await response.json() as { detail?: string; title?: string };
    return new Error(body.detail ?? body.title ?? `The platform answered ${response.status}.`);
  } catch {
    return new Error(`The platform answered ${response.status}.`);
  }
}

export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${key.get() ?? ""}`);
  const response = await fetch(`/api/v1/${path}`, { ...init, headers });
  if (!response.ok) throw await problem(response);
  return response;
}

export async function get<T>(path: string): Promise<T> {
  return await (await call(path)).json() as T;
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
      if (reason instanceof Error && reason.message.startsWith("This key")) throw reason;
    }
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

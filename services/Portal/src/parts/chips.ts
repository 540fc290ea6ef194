import { el } from "../dom.js";
import { t, type Key } from "../words.js";

const strandNames: Record<string, Key> = { imaging: "Imaging", pathology: "Pathology", clinical: "Clinical factors" };
const states: Record<string, Key> = {
  absent: "absent", awaited: "awaited", working: "working", ready: "ready", failed: "failed", queued: "queued", running: "running", done: "done", cancelled: "cancelled",
  received: "received", tiled: "tiled", refused: "refused", healthy: "healthy", degraded: "degraded", unhealthy: "unhealthy", unreachable: "unreachable",
};

export function strandName(strand: string): string { return strand in strandNames ? t(strandNames[strand]!) : strand; }

export function stateName(state: string): string { return state in states ? t(states[state]!) : state; }

/** A strand and its state; the shape of the border says failed without colour as well. */
export function chip(strand: string, state: string): HTMLElement { return el("span", { class: `chip ${state}` }, `${strandName(strand)}: ${stateName(state)}`); }

export function stateChip(state: string): HTMLElement { return el("span", { class: `chip ${state}` }, stateName(state)); }

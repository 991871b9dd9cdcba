// What this device remembers between visits: the session's token and the words not yet sent. Hides localStorage,
// which may be forbidden (private windows, strict frames): then the talk lives as long as the page.
import type { Pass } from './direct-line.ts';

export interface Unsent {
  client: string;
  text: string;
  choice?: string;
  n?: number;
  place?: { lat: number; lon: number };
}
export interface Remembered extends Pass {
  unsent: Unsent[];
}

const KEY = 'motcua';
let here: Remembered | undefined;

export function recall(): Remembered | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept ? (JSON.parse(kept) as Remembered) : undefined;
  } catch {
    return here;
  }
}

export function remember(what: Remembered): void {
  here = what;
  try {
    localStorage.setItem(KEY, JSON.stringify(what));
  } catch {
    // Kept in `here` alone.
  }
}

export function forget(): void {
  here = undefined;
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

/** Calls back when another tab of this site erased the talk. */
export function onForgotten(heard: () => void): void {
  addEventListener('storage', (e) => {
    if ((e.key === KEY || e.key === null) && e.newValue === null) heard();
  });
}

// What this device remembers between visits: the session's token and the words not yet sent. Hides localStorage,
// which may be forbidden (private windows, strict frames): then the talk lives as long as the page.
import type { Pass } from './direct-line.ts';

export interface Unsent {
  client: string;
  at: number;
  text: string;
  choice?: string;
  n?: number;
  place?: { lat: number; lon: number };
}

const KEY = 'motcua';
/** One item a message: tabs of one talk keep their words beside each other, none over another's. */
const WORDS = `${KEY}:`;
let here: Pass | undefined;
/** Keys of the words this page keeps. */
let mine = new Set<string>();

export function recall(): Pass | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept ? (JSON.parse(kept) as Pass) : undefined;
  } catch {
    return here;
  }
}

export function remember(what: Pass): void {
  here = what;
  try {
    localStorage.setItem(KEY, JSON.stringify(what));
  } catch {
    // Kept in `here` alone.
  }
}

/** The words not yet sent, of whichever tab, in the order they were written. */
export function recallUnsent(): Unsent[] {
  try {
    const keys = Object.keys(localStorage).filter((k) => k.startsWith(WORDS));
    return keys.map((k) => JSON.parse(localStorage.getItem(k)!) as Unsent).sort((a, b) => a.at - b.at);
  } catch {
    return [];
  }
}

/** Keeps these words of this page, and lets go of those it kept before. */
export function keepUnsent(unsent: Unsent[]): void {
  const now = new Map(unsent.map((u) => [WORDS + u.client, JSON.stringify(u)]));
  try {
    for (const key of mine) if (!now.has(key)) localStorage.removeItem(key);
    for (const [key, words] of now) localStorage.setItem(key, words);
  } catch {
    // Nothing is kept.
  }
  mine = new Set(now.keys());
}

export function forget(): void {
  here = undefined;
  mine.clear();
  try {
    for (const key of Object.keys(localStorage))
      if (key === KEY || key.startsWith(WORDS)) localStorage.removeItem(key);
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

/** Calls back with the id of words that another tab sent or dropped. */
export function onSettled(heard: (client: string) => void): void {
  addEventListener('storage', (e) => {
    if (e.key?.startsWith(WORDS) && e.newValue === null) heard(e.key.slice(WORDS.length));
  });
}

// What both stores do to a document on its way in and out: zod judges it, odd text is made storable, a fault
// names document and field. Must not know either database.
import { z } from 'zod';
import type { FileMeta, Release } from '../app/ports.ts';
import { Instant } from '../core/message.ts';

/** Stands for "no date" in sorted keys, so that cases without one come last: the end of JavaScript's time. */
export const NEVER = 8_640_000_000_000_000;

/** Cases returned by `find` unless told otherwise. */
export const FIND_LIMIT = 100;

export const StoredFileMeta: z.ZodType<FileMeta> = z.strictObject({
  id: z.string().min(1).max(128),
  name: z.string().max(200),
  type: z.string().max(100),
  size: z.number().int().nonnegative(),
  at: Instant,
  owner: z.string().max(200),
});

export const StoredRelease: z.ZodType<Release> = z.strictObject({
  n: z.number().int().positive(),
  at: Instant,
  by: z.string(),
  note: z.string(),
  fingerprint: z.string(),
  schemaVersion: z.literal(1),
  origin: z.enum(['files', 'studio', 'fact-off']),
  sources: z.string().min(1),
  model: z.string().min(1),
  report: z.unknown(),
});

/** As far back as anybody goes: a trail is read and written whole at every release. */
const TRAIL = 100;

/** The trail of releases once `n` is live: cut where `n` stands on it, else one longer. */
export function trailTo(trail: number[], n: number): number[] {
  const at = trail.indexOf(n);
  return (at < 0 ? [...trail, n] : trail.slice(0, at + 1)).slice(-TRAIL);
}

/**
 * The trail of the pointer as it stands at `live`. Older code moves the pointer alone: forwards, past what was made
 * since, or back to before what stands at the end of the `kept` trail.
 */
export function trailOf(kept: number[], live: number): number[] {
  if (kept.at(-1) === live) return kept;
  const newest = Math.max(0, ...kept);
  const since = Array.from({ length: Math.max(0, live - 1 - newest) }, (_, i) => newest + 1 + i);
  return trailTo([...(live > newest ? kept : kept.filter((n) => n <= live)), ...since], live);
}

/** A document that somebody else wrote, or newer code. */
const ODD = 'Hãy chạy đúng phiên bản chương trình, hoặc khôi phục bản sao lưu.';

/** The value as its schema reads it; throws an Error naming collection, id and field, never a stored word. */
export function checked<T>(schema: z.ZodType<T>, collection: string, id: string | number, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .slice(0, 5)
    .map((i) => `${i.path.join('.') || '(cả mục)'}: ${i.message}`);
  throw new Error(`${collection} ${id} trong kho dữ liệu không đúng khuôn: ${faults.join('; ')}. ${ODD}`);
}

/** Stored JSON text as a value; throws like `checked`, without the snippet that JSON.parse would quote. */
export function parsedJson(collection: string, id: string | number, json: unknown): unknown {
  try {
    return JSON.parse(String(json));
  } catch {
    throw new Error(`${collection} ${id} trong kho dữ liệu không đúng khuôn: doc: không phải JSON. ${ODD}`);
  }
}

/**
 * A deep copy that every database can hold: NUL and lone surrogates become U+FFFD, undefined fields are left
 * out. Refusing such text would be worse: the turn would fail, and the sender would repeat it for ever.
 * Throws for keys with `.`, a leading `$` or odd characters: keys are ids of content, so that is a bug.
 */
export function storable<T>(value: T, where = ''): T {
  return copy(value, where) as T;
}

function copy(value: unknown, where: string): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map((item, i) => copy(item, `${where}.${i}`));
  if (value === null || typeof value !== 'object') return value;
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    if (key === '' || key.includes('.') || key.startsWith('$') || storableText(key) !== key) {
      throw new Error(`${where}: ${JSON.stringify(key)} cannot be a key in the store`);
    }
    out[key] = copy(item, `${where}.${key}`);
  }
  return out;
}

function storableText(text: string): string {
  return text.includes('\0') || !text.isWellFormed() ? text.replaceAll('\0', '\uFFFD').toWellFormed() : text;
}

/** Whether a document can have this id at all; a store asked for any other answers "not there". */
export function possibleId(id: string): boolean {
  return id !== '' && storableText(id) === id;
}

/** Throws unless the bytes are as many as their description says. */
export function checkedFile(meta: FileMeta, bytes: Uint8Array): FileMeta {
  const stored = storable(checked(StoredFileMeta, 'files', meta.id, meta));
  if (!possibleId(meta.id)) throw new Error(`files: ${JSON.stringify(meta.id)} cannot be an id in the store`);
  if (meta.size !== bytes.length) {
    throw new Error(`files ${meta.id}: described as ${meta.size} bytes, has ${bytes.length}`);
  }
  return stored;
}

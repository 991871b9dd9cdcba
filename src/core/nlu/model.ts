// The learned bytes: one header, then the arrays of both layers (matters, facets) and the search index. Hides the layout;
// knows nothing of what the labels mean.
import type { Kind } from './heard.ts';
import { type Linear, pack, unpack } from './linear.ts';
import { type SearchIndex, searchFromJson, searchToJson } from './search-index.ts';

/** Everything learned from content; serving needs nothing else but the content itself. */
export interface Model {
  /** Intent ids, `contrast:<id>`, and FACET_ONLY; a label's number is its place. */
  labels: string[];
  kinds: Kind[];
  /** Columns are the labels, then KINDS. */
  matters: Linear;
  /** Found on held-out folds: scores divided by it are honest. */
  temperature: number;
  facets: Linear;
  search: SearchIndex;
  /** What the code that learned it makes of a fixed sentence: other code reads other n-grams. */
  probe: number;
}

/** A question about a facet that names no procedure: "thế hết bao nhiêu tiền". */
export const FACET_ONLY = 'facet-only';

const MAGIC = 0x4d434d34; // MCM4
type LinearHead = ReturnType<typeof pack>['head'];
interface Head {
  labels: string[];
  kinds: Kind[];
  temperature: number;
  probe: number;
  matters: LinearHead;
  facets: LinearHead;
  sizes: number[];
}

const bytesOf = (v: ArrayBufferView): Uint8Array => new Uint8Array(v.buffer, v.byteOffset, v.byteLength);

/** The model as bytes; equal models give equal bytes. */
export function toBytes(m: Model): Uint8Array {
  const matters = pack(m.matters);
  const facets = pack(m.facets);
  const parts = [
    ...matters.parts.map(bytesOf),
    ...facets.parts.map(bytesOf),
    new TextEncoder().encode(searchToJson(m.search)),
  ];
  const head: Head = {
    labels: m.labels,
    kinds: m.kinds,
    temperature: m.temperature,
    probe: m.probe,
    matters: matters.head,
    facets: facets.head,
    sizes: parts.map((p) => p.byteLength),
  };
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  const first = padded(8 + headBytes.length);
  const out = new Uint8Array(first + parts.reduce((n, p) => n + padded(p.byteLength), 0));
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, headBytes.length);
  out.set(headBytes, 8);
  let at = first;
  for (const p of parts) {
    out.set(p, at);
    at += padded(p.byteLength);
  }
  return out;
}

/** Every part begins where an array of numbers may: serving reads the bytes where they lie. */
const padded = (size: number): number => Math.ceil(size / 8) * 8;

function headOf(bytes: Uint8Array): { head: Head; size: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8 || view.getUint32(0) !== MAGIC) return undefined;
  const size = view.getUint32(4);
  return { head: JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size))) as Head, size };
}

/** The probe of stored bytes; undefined when this code cannot read them at all. */
export const probeIn = (bytes: Uint8Array): number | undefined => headOf(bytes)?.head.probe;

/** The model over its bytes, which are not copied and must not change; throws on bytes that learn() did not make (a broken store, not an expected case). */
export function fromBytes(bytes: Uint8Array): Model {
  const found = headOf(bytes);
  if (!found) throw new Error('not a learned model');
  const { head, size } = found;
  const whole = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
  let at = padded(8 + size);
  const parts = head.sizes.map((n) => {
    const part = whole.subarray(at, at + n);
    at += padded(n);
    return part;
  });
  return {
    labels: head.labels,
    kinds: head.kinds,
    temperature: head.temperature,
    probe: head.probe,
    matters: unpack(head.matters, parts.slice(0, 5)),
    facets: unpack(head.facets, parts.slice(5, 10)),
    search: searchFromJson(new TextDecoder().decode(parts[10])),
  };
}

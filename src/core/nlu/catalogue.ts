// Reads records of the national portal's published catalogue into things search can find.
// Knows the shape of a record; unpacks no file and ranks nothing.
import type { Findable } from './search.ts';

interface PortalRecord {
  ma?: unknown;
  ten?: unknown;
  cap?: unknown;
  linh_vuc?: unknown;
  doi_tuong?: unknown;
  thanh_phan_ho_so?: unknown;
  ket_qua?: unknown;
}

const text = (v: unknown): string => (typeof v === 'string' ? v.normalize('NFC') : '');

/** One record, or undefined when it has no code or name. */
export function findable(record: unknown): Findable | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const r = record as PortalRecord;
  const code = text(r.ma);
  const name = text(r.ten);
  if (!code || !name) return undefined;
  const papers = Array.isArray(r.thanh_phan_ho_so)
    ? r.thanh_phan_ho_so.map((d: unknown) => text((d as { ten?: unknown } | null)?.ten)).filter(Boolean)
    : [];
  // The portal's page furniture runs on behind the result's name ("…Mã: KQ.…Từ khóa…").
  const result = text(r.ket_qua).split(/Mã:|Từ khóa/)[0]!;
  const level = text(r.cap);
  const who = text(r.doi_tuong);
  const near =
    (level.includes('xã') ? 0.5 : level.includes('tỉnh') ? 0.3 : 0.1) +
    (who.includes('Công dân Việt Nam') ? 0.5 : 0);
  return { code, name, also: [], field: text(r.linh_vuc), papers: [result, ...papers].filter(Boolean), near };
}

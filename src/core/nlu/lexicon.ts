// Abbreviations, chat words and regional words, compiled once for matching. Hides how they are looked up; which
// words there are is content (intents/abbreviations.yml).
import type { Content } from '../content/schema.ts';
import { clean, fold } from '../text.ts';
import { isFoldedSyllable, placeTone } from './syllable.ts';

export interface Entry {
  words: string[];
  folded: string;
  /** One meaning, in words; several: ambiguous. */
  means: string[][];
  from: 'abbreviation' | 'slang' | 'regional';
  /** Conditions, folded, padded with spaces. */
  near?: string[];
  after?: string[];
  never?: string[];
}

export interface Lexicon {
  /** First word as typed -> entries, longest first, then in the order of content. */
  typed: ReadonlyMap<string, Entry[]>;
  /** Phrases by their first folded word: for messages typed without diacritics. */
  phrases: ReadonlyMap<string, Entry[]>;
  /** Words already read once: typed -> normal and folded. Only saves time; emptied when full. */
  seen: Map<string, { text: string; folded: string }>;
  /** Folded syllables likely enough to split a run-together word at. */
  common: ReadonlySet<string>;
}

/** Lower case, NFC, tones in the one style. */
export const normalWord = (s: string): string =>
  placeTone(s.normalize('NFKC').toLowerCase().normalize('NFC'));
export const wordsOf = (s: string): string[] => clean(s).split(/\s+/).filter(Boolean).map(normalWord);
const padded = (list: string[] | undefined): string[] | undefined =>
  list?.map((s) => ` ${fold(s).split(/\s+/).join(' ')} `);

/** Syllables of everyday questions to an office; only for splitting words typed without spaces. */
const EVERYDAY =
  `anh ba bac ban bang bao bat be ben bi biet bo bu ca cac cach cai cam can canh cap cau cay cha chau
che chet chi chinh cho chong chu chua chung chuc chuyen co con cong cu cua cung cuoc cuoi da dai dan dang danh dat
dau day de den di dia dich dien dieu dinh do doi dong du dua dung duoc duong em gi gia giai giam gian giao giay gio
gioi giup ha hai han hang hanh hay hen het hien hieu ho hoa hoan hoc hoi hon hop hung huong khac khach khai kham
khi kho khong khu kien kiem kinh ky la lai lam lan lap lay le lech len lenh lich lien loi lop lu luat luc luong ly
mai mat mau may me mien minh moi mot mua muon my nam nao nay ngay nghe nghi nghiep ngoai nguoi nha nhan nhanh
nhap nhat nhieu nho nhu no noi nop nuoc o oi ong phai phan phap phat phep phi phieu pho phong phu phuong qua quan
quoc quy quyen quyet ra rac rat roi sach sang sao sau si sinh so song sua sung suc ta tai tam tan tang tat tau te
ten thai tham than thang thanh the them thi thoi thong thu thue thuoc thuong thuy tien tiep tieng tim tin tinh to
tu tuc toa toan toi tong tra trai tren trinh troi trong truoc truong tu tui tuoi tuyen ung uy van vao vay ve vi
viec vien viet vo voi vu xa xac xay xe xem xin xong xu y yen yeu`.split(/\s+/);

/** Compiles content's abbreviations, chat and regional words. Pure; do it once per release. */
export function openLexicon(a: Content['abbreviations']): Lexicon {
  const entries: Entry[] = [];
  const add = (short: string, means: string[], rest: Omit<Entry, 'words' | 'folded' | 'means'>): void => {
    const words = wordsOf(short);
    if (words.length)
      entries.push({ words, folded: words.map(fold).join(' '), means: means.map(wordsOf), ...rest });
  };
  for (const x of a.abbreviations)
    add(x.short, typeof x.means === 'string' ? [x.means] : x.means, {
      from: 'abbreviation',
      near: padded(x.near),
      after: padded(x.after),
      never: padded(x.never),
    });
  for (const [short, means] of Object.entries(a.slang)) add(short, [means], { from: 'slang' });
  for (const [short, means] of Object.entries(a.regional)) add(short, [means], { from: 'regional' });

  const typed = new Map<string, Entry[]>();
  const phrases = new Map<string, Entry[]>();
  for (const e of entries) {
    put(typed, e.words[0]!, e);
    if (e.words.length > 1) put(phrases, e.folded.slice(0, e.folded.indexOf(' ')), e);
  }
  for (const list of [...typed.values(), ...phrases.values()])
    list.sort((x, y) => y.words.length - x.words.length);
  const common = new Set(EVERYDAY);
  for (const e of entries) for (const w of e.means[0]!) if (isFoldedSyllable(fold(w))) common.add(fold(w));
  return { typed, phrases, common, seen: new Map() };
}

const MOST_SEEN = 20_000;
/** A typed word in its normal and folded form. */
export function read(typed: string, lexicon: Lexicon): { text: string; folded: string } {
  const known = lexicon.seen.get(typed);
  if (known) return known;
  const text = normalWord(typed);
  const word = { text, folded: fold(text) };
  if (typed.length <= 20) {
    if (lexicon.seen.size >= MOST_SEEN) lexicon.seen.clear();
    lexicon.seen.set(typed, word);
  }
  return word;
}

function put(map: Map<string, Entry[]>, key: string, e: Entry): void {
  const list = map.get(key);
  if (list) list.push(e);
  else map.set(key, [e]);
}

/** Words after which a single letter is a label ("hạng c", "lô b"), not a chat word. Folded. */
export const LABELS: ReadonlySet<string> = new Set(
  'hang bang lo toa khu block so phong lop loai cap mau nha ngo ngach hem doi to nhom gan vitamin cot muc phan khoi diem dieu khoan tang cau muc'.split(
    ' ',
  ),
);

// The spelling of a Vietnamese syllable: which onsets, rimes and tones go together, where the tone mark stands,
// and what half-typed Telex or VNI meant. A grammar, not a dictionary: knows no word and no meaning.

const MARKS = ['', '\u0301', '\u0300', '\u0309', '\u0303', '\u0323'];
const TELEX_TONES: Record<string, number> = { s: 1, f: 2, r: 3, x: 4, j: 5 };
const VOWELS = 'aăâeêioôơuưy';

const ONSETS = ' b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x'.split(' ');
const RIMES = `a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây
uê uêch uênh uên uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uynh uyt uyu uyp uyn
ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu`.split(/\s+/);
/** Rimes written with y: alone, after few onsets, or after qu. */
const BARE_Y = ['y', 'yên', 'yêm', 'yêng', 'yêt', 'yêu'];
const QU_Y = ['y', 'yên', 'yêt', 'ynh', 'yt', 'ych', 'yp', 'yu', 'ya'];
const Y_AFTER = ['h', 'k', 'l', 'm', 's', 't', 'v', 'th', 'b', 'd', 'n', 'ch', 'tr', 'gi', 'ph', 'x', 'r'];
const FRONT = /^[ieêy]/;

const strip = (s: string): string => s.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd');

function spelledRight(onset: string, rime: string): boolean {
  if (/^oo/.test(rime)) return ['b', 'g', 'm', 's', 't', 'x'].includes(onset);
  const front = FRONT.test(rime);
  if (onset === 'k' || onset === 'gh' || onset === 'ngh') return front;
  if (onset === 'c' || onset === 'ng') return !front;
  if (onset === 'g') return !front || rime === 'i' || rime === 'in';
  if (onset === 'qu') return !/^[uưo]/.test(rime);
  if (onset === 'gi') return !/^i/.test(rime);
  return !/^êng$/.test(rime);
}

/** Every syllable without its tone: some six thousand. */
const SYLLABLES: ReadonlySet<string> = new Set([
  ...ONSETS.flatMap((o) => RIMES.filter((r) => spelledRight(o, r)).map((r) => o + r)),
  ...BARE_Y,
  ...QU_Y.map((r) => `qu${r}`),
  ...Y_AFTER.map((o) => `${o}y`),
]);
const FOLDED_SYLLABLES: ReadonlySet<string> = new Set([...SYLLABLES].map(strip));

/** Toned letter -> letter without tone, and tone 1–5 (sắc, huyền, hỏi, ngã, nặng). */
const TONED = new Map<string, [string, number]>();
for (const v of VOWELS)
  for (let t = 1; t < MARKS.length; t++) TONED.set((v + MARKS[t]).normalize('NFC'), [v, t]);

/** Splits off the tone of a lower-case NFC word; `undefined` when it carries more than one. */
function splitTone(word: string): { base: string; tone: number } | undefined {
  let base = '';
  let tone = 0;
  for (const c of word) {
    const toned = TONED.get(c);
    if (toned && tone) return undefined;
    if (toned) tone = toned[1];
    base += toned ? toned[0] : c;
  }
  return { base, tone };
}

/** Index of the letter that carries the tone, by the rule that writes hòa, thúy, khỏe but hoàn, thuyền. */
function toneSeat(base: string): number {
  const onset = /^(qu|gi)(?=[aăâeêioôơuưy])/.exec(base)?.[0].length ?? 0;
  const vowels: number[] = [];
  for (let i = onset; i < base.length; i++) {
    if (VOWELS.includes(base.charAt(i))) vowels.push(i);
    else if (vowels.length) break;
  }
  const first = vowels[0];
  const last = vowels.at(-1);
  if (first === undefined || last === undefined) return -1;
  const marked = vowels.filter((i) => 'ăâêôơư'.includes(base.charAt(i)));
  if (marked.length) return marked.at(-1)!;
  if (last + 1 < base.length) return last;
  return vowels.length >= 3 ? vowels[1]! : first;
}

function withTone(base: string, tone: number): string {
  if (!tone) return base;
  const seat = toneSeat(base);
  return seat < 0 ? base : (base.slice(0, seat + 1) + MARKS[tone]! + base.slice(seat + 1)).normalize('NFC');
}

const stops = /(?:[pt]|c|ch)$/;
const spelled = (base: string, tone: number): boolean =>
  SYLLABLES.has(base) && !(tone >= 2 && tone <= 4 && stops.test(base));

/** True for a lower-case NFC word that is spelled as a Vietnamese syllable can be; missing tones are forgiven. */
export function isSyllable(word: string): boolean {
  const parts = word.length <= 8 ? splitTone(word) : undefined;
  return parts !== undefined && spelled(parts.base, parts.tone);
}

/** The same for a word without diacritics. */
export const isFoldedSyllable = (word: string): boolean => FOLDED_SYLLABLES.has(word);

/** The word with its tone mark where the one style puts it (hoà -> hòa); other words unchanged. Idempotent. */
export function placeTone(word: string): string {
  const parts = word.length <= 8 ? splitTone(word) : undefined;
  return parts?.tone && SYLLABLES.has(parts.base) ? withTone(parts.base, parts.tone) : word;
}

/** d, a, e, o typed twice and w after a vowel: the letters that only Telex would produce. */
const STRONG = /dd|aa|ee|oo|[auo]{1,2}\p{L}{0,2}w|d\p{L}{2,5}d$/u;

/**
 * The syllable meant by left-over Telex keys ("ddawng", "giaays", "cos", "lafm"), or `undefined` when it would
 * be none or the keys could as well be a foreign word. Lower-case NFC in and out.
 */
export function fromTelex(word: string): string | undefined {
  if (word.length > 12 || word.length < 2) return undefined;
  const strong = STRONG.test(word);
  let out = '';
  let tone = 0;
  let keys = 0;
  for (let i = 0; i < word.length; i++) {
    const c = word.charAt(i);
    const key = TELEX_TONES[c];
    const nucleus = [...out].some((x) => VOWELS.includes(x));
    if (key && nucleus && !tone && (strong || c === 'f' || c === 'j' || i === word.length - 1)) {
      tone = key;
      keys++;
    } else if (c === 'w' && out) {
      const next = hooked(out);
      if (next === undefined) return undefined;
      out = next;
      keys++;
    } else if (c === 'd' && (out === 'd' || (out.startsWith('d') && nucleus && i === word.length - 1))) {
      out = `đ${out.slice(1)}`;
      keys++;
    } else if ('aeo'.includes(c) && out.includes(c) && nucleus) {
      const at = out.lastIndexOf(c);
      out = out.slice(0, at) + { a: 'â', e: 'ê', o: 'ô' }[c as 'a' | 'e' | 'o'] + out.slice(at + 1);
      keys++;
    } else out += c;
  }
  const typed = splitTone(out);
  if (!keys || !typed || (tone && typed.tone)) return undefined;
  const heard = tone || typed.tone;
  const bare = stops.test(typed.base) && !heard;
  return spelled(typed.base, heard) && !bare ? withTone(typed.base, heard) : undefined;
}

/** `w`: uo -> ươ, else the last plain a, o, u takes its hook or breve. */
function hooked(s: string): string | undefined {
  const uo = s.lastIndexOf('uo');
  if (uo >= 0) return `${s.slice(0, uo)}ươ${s.slice(uo + 2)}`;
  if (s.includes('ưo')) return s.replace('ưo', 'ươ');
  for (let i = s.length - 1; i >= 0; i--) {
    const c = s.charAt(i);
    const to = { a: 'ă', o: 'ơ', u: 'ư' }[c];
    if (c === 'u' && s.charAt(i - 1) === 'u') continue;
    if (to) return s.slice(0, i) + to + s.slice(i + 1);
  }
  return undefined;
}

/** The syllable meant by VNI digits ("d9ang", "giay61"), or `undefined`. Whether digits are keys the caller judges. */
export function fromVni(word: string): string | undefined {
  if (word.length > 10 || !/^\p{L}/u.test(word) || !/\d/.test(word)) return undefined;
  let out = '';
  let tone = 0;
  for (const c of word) {
    if (c < '0' || c > '9') out += c;
    else if (c >= '1' && c <= '5') {
      if (tone || !/[aeiouyăâêôơư]/.test(out)) return undefined;
      tone = Number(c);
    } else {
      const next = vniMark(out, c);
      if (next === undefined) return undefined;
      out = next;
    }
  }
  return splitTone(out)?.tone === 0 && spelled(out, tone) && !(stops.test(out) && !tone)
    ? withTone(out, tone)
    : undefined;
}

function vniMark(s: string, digit: string): string | undefined {
  if (digit === '9') return s.startsWith('d') ? `đ${s.slice(1)}` : undefined;
  if (digit === '7') return hooked(s.replaceAll('a', '\u0000'))?.replaceAll('\u0000', 'a');
  const map: Record<string, string> =
    digit === '6' ? { a: 'â', e: 'ê', o: 'ô' } : digit === '8' ? { a: 'ă' } : {};
  for (let i = s.length - 1; i >= 0; i--) {
    const to = map[s.charAt(i)];
    if (to) return s.slice(0, i) + to + s.slice(i + 1);
  }
  return undefined;
}

/**
 * How a folded word sounds once regional mergers are levelled (tr/ch, s/x, l/n, d/gi/r, i/y, c/k/q, ng/ngh,
 * final n/ng and t/c): equal keys may be one word misspelled. A feature for guessing, never for display.
 */
export function soundKey(folded: string): string {
  return folded
    .replace(/^tr/, 'ch')
    .replace(/^s(?!h)/, 'x')
    .replace(/^l/, 'n')
    .replace(/^gi(?=[aeiouy])|^r|^gi$/, (m) => (m === 'gi' && folded === 'gi' ? 'di' : 'd'))
    .replace(/^(ngh|gh)/, (m) => m.slice(0, -1))
    .replace(/^(k(?!h)|q)/, 'c')
    .replace(/y/g, 'i')
    .replace(/ng$/, 'n')
    .replace(/(?<=[aeiou])c$/, 't');
}

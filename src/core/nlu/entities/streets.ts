// House numbers, alleys and streets as people write them. Knows no map: a street is what is written like one.
import type { Normalized, Token } from '../normalize.ts';
import type { Find } from './reading.ts';

/** First words of street names typed without capitals: mostly surnames. */
const FIRST = new Set(
  `nguyễn lê phạm hoàng huỳnh vũ võ đặng bùi đỗ hồ ngô dương lý phan trần trương trường đinh lâm mai tô cao lương tạ
phùng quách thái tôn hai bà quang minh giải xuân tây kim cầu hàng nghi âu láng giảng khương khâm trung chùa thụy yên
vĩnh bạch đội cát văn phúc trích doãn huế định ngọc quán tam thợ mã lò`.split(/\s+/),
);
/** Of these, the ones that without diacritics are still more a street's name than another word. */
const PLAIN_FIRST = new Set(
  `nguyen le pham hoang huynh vu dang bui ngo duong phan truong dinh phung quach giai khuong kham trich doan lang`.split(
    ' ',
  ),
);
const LEADS = (x: Token | undefined, plain: boolean): boolean =>
  x !== undefined && (FIRST.has(x.text) || (plain && PLAIN_FIRST.has(x.folded)));
/** Words that end a name typed without capitals. */
const END = new Set(
  `bi dang co rat khong ko k hong ngap thi la va voi den tu o tai cua nay kia ay do thuoc phuong xa quan huyen nuoc rac
den duong pho ngo bao gio roi qua nhieu mat mua sau truoc gan canh doi doan cho em chi anh toi minh chau a nhe muon
can lam vo be sut lun thanh mot tran vao quanh chay tac hu xuong cap ha noi tp toan may cai cac nhung luon ma nen dau nao gi`.split(
    /\s+/,
  ),
);
const LANES = new Set(['ngo', 'ngach', 'hem', 'alley', 'lane']);
const ROADS = new Set(['duong', 'pho']);
const LANE_NUMBER = /^\d{1,4}[a-z]?(?:\/\d{1,4}[a-z]?){0,4}$/;

/** Streets, alleys and house numbers with a name: "ngõ 12 Nguyễn Trãi", "số 5 phố Huế", "đường Láng". */
export function* streets(n: Normalized): Generator<Find> {
  const t = n.tokens;
  for (let i = 0; i < t.length; i++) {
    const end = addressAt(n, i);
    if (end === undefined) continue;
    const span = { start: t[i]!.start, end: t[end - 1]!.end };
    yield { type: 'street', value: n.text.slice(span.start, span.end), ...span };
    i = end - 1;
  }
}

/** Index after an address that begins at `from`: [số nhà] number* (ngõ|ngách|hẻm number)* [đường|phố] name. */
function addressAt(n: Normalized, from: number): number | undefined {
  const t = n.tokens;
  let i = from;
  let numbered = false;
  let lane = false;
  if (t[i]?.folded === 'so' && t[i]?.text !== 'sở') i += t[i + 1]?.folded === 'nha' ? 2 : 1;
  if (i > from && !isNumber(t[i])) return undefined;
  if (i === from && isNumber(t[i])) return undefined;
  if (isNumber(t[i])) {
    numbered = true;
    i++;
    if (t[i]?.text === ',') i++;
  }
  while (LANES.has(t[i]?.folded ?? '') && isNumber(t[i + 1])) {
    lane = true;
    i += 2;
    if (t[i]?.text === ',' && (LANES.has(t[i + 1]?.folded ?? '') || ROADS.has(t[i + 1]?.folded ?? ''))) i++;
  }
  const road = ROADS.has(t[i]?.folded ?? '') && /^(?:đường|duong|phố|pho)$/.test(t[i]!.text);
  if (road) i++;
  if (!road && !numbered && !lane) return undefined;
  const end = nameEnd(n, i, road || lane);
  if (end > i) return end;
  return lane ? i : undefined;
}

const isNumber = (t: Token | undefined): boolean =>
  t !== undefined && (t.from === 'number' || t.from === 'word') && LANE_NUMBER.test(t.folded);

function nameEnd(n: Normalized, from: number, lower: boolean): number {
  const t = n.tokens;
  const capital = (k: number): boolean => {
    const x = t[k];
    if (x?.from !== 'word') return false;
    const typed = n.text.slice(x.start, x.end);
    return typed !== typed.toLowerCase();
  };
  let i = from;
  const shouting = n.text.slice(0, 200) === n.text.slice(0, 200).toUpperCase();
  if (!shouting && capital(i)) {
    while (i < from + 4 && capital(i)) i++;
    return i - from >= 2 || lower ? i : from;
  }
  if (!lower || !LEADS(t[i], !n.hasDiacritics)) return from;
  if (t[i]!.folded === 'truong' && !/^(?:chinh|dinh|sa)$/.test(t[i + 1]?.folded ?? '')) return from;
  while (i < from + 3 && t[i]?.from === 'word' && !END.has(t[i]!.folded)) i++;
  return i - from >= 2 || (i > from && /^(?:láng|huế)$/.test(t[from]!.text)) ? i : from;
}

// Whose paper it is: the relative or person a message names as the one it is for. A hint, never proof.
// Pronouns for the speaker or the official ("em", "chị ơi") are no roles.
//
// Values: vo, chong, vo-chong, con (also bé, cháu of one's own), con-nuoi, con-rieng, me, bo, bo-me (parents, also
// in-law), ong-ba, anh-chi-em, chau, ho-hang, nguoi-nuoc-ngoai, viet-kieu, nguoi-gia, nguoi-khuyet-tat, nguoi-thue,
// chu-nha, hang-xom, ban-be, cong-ty, nguoi-than, nguoi-chet
import { type Find, type Line, matches } from './reading.ts';

const MINE =
  '(?:nha |cua |ben )?(?:em|toi|minh|chau|con|anh|chi|bac|co|chu|to|tao|bon em|chung em|chung toi|nha)';
const FOR = '(?:cho|ho|giup|thay|cua)';
const HAPPENS =
  '(?:mat|qua doi|moi|vua|sap|bi|sinh|de|om|nam|dang|la|o|co|chua|muon|can|di|khong|duoc|mang|lay|ket hon|den|gia)';

interface RoleRule {
  value: string;
  /** Kin word(s), folded. */
  word: string;
  /** Diacritics any typed diacritics must agree with, so that "chống" is no "chồng". */
  typed: RegExp;
}
const RULES: RoleRule[] = [
  { value: 'vo-chong', word: '(?:hai |2 )?vo chong', typed: /^(?:hai |2 )?v[ợo] ch[ồo]ng/ },
  { value: 'bo-me', word: '(?:bo me|cha me|thay u)(?: vo| chong| de)?', typed: /^(?:b[ốo]|cha|th[ầa]y) / },
  { value: 'bo', word: '(?:bo|cha)(?: vo| chong| de| duong| nuoi)?', typed: /^(?:b[ốo]|cha)(?: |$)/ },
  { value: 'me', word: '(?:me|bu|bam)(?: vo| chong| de| ke| nuoi)?', typed: /^(?:m[ẹe]|bu|b[ầa]m)(?: |$)/ },
  { value: 'con-nuoi', word: 'con nuoi', typed: /^con nu[ôo]i/ },
  { value: 'con-rieng', word: 'con rieng', typed: /^con ri[êe]ng/ },
  {
    value: 'con',
    word: '(?:con gai|con trai|con dau|con re|con|be|dua be|thang be|cai be|chau be|em be|cac con)',
    typed: /^(?:c[áa]c )?(?:(?:đ[ứu]a|th[ằa]ng|c[áa]i|ch[áa]u|em) )?(?:con|b[éeé])(?: |$)/,
  },
  { value: 'vo', word: '(?:vo|ba xa|vo cu|vo sap cuoi)', typed: /^(?:v[ợo]|b[àa] x[ãa])(?: |$)/ },
  {
    value: 'chong',
    word: '(?:chong|ong xa|chong cu|chong sap cuoi)',
    typed: /^(?:ch[ồo]ng|[ôo]ng x[ãa])(?: |$)/,
  },
  {
    value: 'ong-ba',
    word: '(?:ong ba|ong noi|ba noi|ong ngoai|ba ngoai|cu)',
    typed: /^(?:[ôo]ng|b[àa]|c[ụu])(?: |$)/,
  },
  {
    value: 'anh-chi-em',
    word: '(?:anh trai|chi gai|em trai|em gai|anh re|chi dau|em dau|em re|anh ruot|chi ruot|em ruot)',
    typed: /./,
  },
  { value: 'ho-hang', word: '(?:co ruot|chu ruot|bac ruot|cau ruot|di ruot|bac gai|ho hang)', typed: /./ },
  { value: 'chau', word: '(?:chau noi|chau ngoai|chau gai|chau trai|chau dich ton)', typed: /./ },
  { value: 'ban-be', word: '(?:ban trai|ban gai|ban than|nguoi yeu|nguoi ban)', typed: /./ },
  { value: 'cong-ty', word: '(?:cong ty|doanh nghiep)', typed: /./ },
  { value: 'nguoi-than', word: '(?:nguoi nha|nguoi than)', typed: /./ },
  { value: 'nguoi-thue', word: '(?:nguoi thue nha|khach thue|nguoi thue)', typed: /./ },
  { value: 'hang-xom', word: 'hang xom', typed: /./ },
];
/** Named whatever stands around. */
const PLAIN: [string, string][] = [
  [
    'nguoi-nuoc-ngoai',
    '(?:nguoi|quoc tich|chong|vo|ban trai|ban gai)? ?nuoc ngoai|nguoi (?:my|nhat|han|han quoc|trung quoc|phap|duc|anh quoc|dai loan|nhat ban|tay)',
  ],
  ['viet-kieu', 'viet kieu|nguoi viet nam o nuoc ngoai|nguoi viet o nuoc ngoai'],
  ['nguoi-gia', 'nguoi gia|nguoi cao tuoi'],
  ['nguoi-khuyet-tat', 'nguoi khuyet tat|nguoi tan tat'],
  ['chu-nha', 'chu nha'],
  ['nguoi-chet', 'nguoi chet|nguoi da mat|nguoi mat|nguoi da chet'],
  ['con', 'con (?:moi|vua) (?:sinh|de)|con so sinh|tre so sinh|con dau long|con thu (?:hai|ba|2|3)'],
  ['anh-chi-em', 'anh trai|chi gai|em trai|em gai|anh re|chi dau'],
  ['ong-ba', 'ong noi|ba noi|ong ngoai|ba ngoai'],
  ['con', 'con gai|con trai'],
  ['con-nuoi', 'con nuoi'],
  ['con-rieng', 'con rieng'],
];
const OWNED = RULES.map((r): [RoleRule, RegExp, RegExp] => [
  r,
  new RegExp(` ${r.word} ${MINE}(?= )`, 'g'),
  new RegExp(`(?<= ${FOR} )(?:mot |2 |hai |may |cac )?${r.word}(?= )`, 'g'),
]);
const HAPPENING = RULES.filter((r) => /^(?:bo|me|vo|chong)$/.test(r.value)).map((r): [RoleRule, RegExp] => [
  r,
  new RegExp(` ${r.word}(?= ${HAPPENS} )`, 'g'),
]);
const NAMED = PLAIN.map(([value, words]): [string, RegExp] => [value, new RegExp(` (?:${words})(?= )`, 'g')]);
/** "con chào cô", "cháu muốn hỏi": the speaker. */
const SPEAKER = /^(?:con|be) (?:chau|con|anh|chi|bac|co|chu|nha)$/;

/** Family roles and other people a paper may be for. */
export function* roles(line: Line): Generator<Find> {
  const agrees = (r: RoleRule, from: number, to: number): boolean =>
    r.typed.test(line.accented.slice(from, to).trim());
  for (const [r, owned, forWhom] of OWNED) {
    for (const { m, span } of matches(line, owned)) {
      const words = m[0].trim();
      if (SPEAKER.test(words) && r.value === 'con' && !/ (?:nha|be)$/.test(words)) continue;
      if (r.value === 'ong-ba' && / cu /.test(m[0]) && !/cụ/.test(line.accented.slice(span.from, span.to)))
        continue;
      if (agrees(r, span.from, span.to))
        yield { type: 'role', value: r.value, start: span.start, end: span.end, rank: 1 };
    }
    for (const { span } of matches(line, forWhom)) {
      if (line.folded.slice(span.from, span.to) === 'cu') continue;
      if (agrees(r, span.from, span.to))
        yield { type: 'role', value: r.value, start: span.start, end: span.end };
    }
  }
  for (const [r, pattern] of HAPPENING)
    for (const { span } of matches(line, pattern))
      if (agrees(r, span.from, span.to))
        yield { type: 'role', value: r.value, start: span.start, end: span.end };
  for (const [value, pattern] of NAMED)
    for (const { span } of matches(line, pattern))
      yield { type: 'role', value, start: span.start, end: span.end, rank: 1 };
}

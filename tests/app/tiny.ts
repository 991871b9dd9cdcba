// A city small enough to learn in milliseconds, and replicas of the real house over one store in memory. The
// product's own sentences are the real ones; only what editors would write is small.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actOnCase } from '../../src/app/act-on-case.ts';
import { converse } from '../../src/app/converse.ts';
import type { Parts } from '../../src/app/parts.ts';
import type { Channel, Log, Store } from '../../src/app/ports.ts';
import { markFetched, send } from '../../src/app/send.ts';
import { settleCase } from '../../src/app/settle-case.ts';
import { wake } from '../../src/app/wake.ts';
import { instantOf } from '../../src/core/calendar.ts';
import { keysOf } from '../../src/core/cases/index.ts';
import { type Content, parse, type Sources } from '../../src/core/content/index.ts';
import type { ConversationId } from '../../src/core/message.ts';
import { learn, openReader, type Reader } from '../../src/core/nlu/index.ts';
import { openSqlite } from '../../src/store/sqlite/index.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Tuesday, an ordinary working day. */
export const START = instantOf('2026-01-06', '09:00');

/** Everything a release needs, by path. Each call gives a fresh copy. */
export const tinySources = (): Sources => ({
  'locales/vi/he-thong.yml': readFileSync(join(ROOT, 'locales/vi/he-thong.yml'), 'utf8'),
  'locales/vi/nho.yml': `
khai-sinh:
  title: đăng ký khai sinh
  noi-sinh: { _: Bé sinh ở đâu ạ?, benh-vien: Tại bệnh viện, tai-nha: Tại nhà }
  ket-qua: { benh-vien: Anh/chị ra phường., tai-nha: Anh/chị nhờ người làm chứng. }
khai-tu: { title: đăng ký khai tử }
rac: { title: rác thải, noi-dung: Chuyện thế nào ạ?, muc-do: { _: Có gấp không ạ? } }
den: { title: đèn đường, noi-dung: Đèn nào hỏng ạ? }
chao: Chào anh/chị.
gap-can-bo: Tôi chuyển lời tới cán bộ.
to-cao: Việc này là tố cáo, anh/chị gửi đơn tới Thanh tra. Tên anh/chị phải được giữ kín.
rieng-tu: Tôi giữ cuộc trò chuyện một năm.
deadline: { phan-anh: mười ngày làm việc theo luật }
`,
  'intents/thu-tuc/khai-sinh.yml': `
id: khai-sinh
code: "1.001193"
name: Đăng ký khai sinh
group: ho-tich
examples: [làm giấy khai sinh cho con, khai sinh cho bé mới đẻ, em muốn làm khai sinh]
facts:
  fee: { value: Miễn phí đúng hạn., source: Bộ Tư pháp, checked: 2026-07-20 }
  documents:
    value:
      - Tờ khai đăng ký khai sinh.
      - { text: Giấy chứng sinh., when: { noi-sinh: benh-vien } }
    source: Bộ Tư pháp
    checked: 2026-07-20
  agency: { value: UBND cấp xã, source: Bộ Tư pháp, checked: 2026-07-20 }
flow:
  - ask: noi-sinh
    type: choice
    options: { benh-vien: { also: [ở viện] }, tai-nha: { also: [ở nhà] } }
outcomes:
  - { say: khai-sinh.ket-qua.benh-vien, when: { noi-sinh: benh-vien } }
  - { say: khai-sinh.ket-qua.tai-nha }
`,
  'intents/thu-tuc/khai-tu.yml': `
id: khai-tu
name: Đăng ký khai tử
group: ho-tich
examples: [khai tử cho ông, giấy chứng tử, nhà có người mất cần giấy tờ gì]
facts:
  time: { value: Trong ngày làm việc., limit: [{ amount: 0, unit: same-day, cutoff: "15:00" }], source: Bộ Tư pháp, checked: 2026-07-20 }
`,
  'intents/phan-anh/rac.yml': `
id: rac
deadline: phan-anh
examples: [rác chất đống đầu ngõ, đống rác không ai dọn, rác thải bốc mùi]
flow:
  - { ask: noi-dung, type: text, fromOpening: true }
  - { ask: muc-do, type: yes-no }
outcomes: [{ open: true }]
`,
  'intents/phan-anh/den.yml': `
id: den
deadline: phan-anh
examples: [đèn đường hỏng, đèn cháy tối om, bóng đèn đường không sáng]
flow:
  - { ask: noi-dung, type: text }
outcomes: [{ open: true }]
`,
  'intents/chung/chao.yml': 'id: chao\nkind: small-talk\nexamples: [xin chào, chào bạn, hello]\n',
  'intents/chung/dong-y.yml':
    'id: dong-y\nkind: small-talk\ndo: "yes"\nexamples: [đúng, đúng rồi, vâng ạ, ừ]\n',
  'intents/chung/khong.yml': 'id: khong\nkind: small-talk\ndo: "no"\nexamples: [không, không phải, chưa]\n',
  'intents/chung/huy.yml': 'id: huy\nkind: small-talk\ndo: cancel\nexamples: [hủy, hủy đi, dừng lại]\n',
  'intents/chung/gap-can-bo.yml':
    'id: gap-can-bo\nkind: human\ndo: officer\nexamples: [cho tôi gặp cán bộ, muốn nói chuyện với người thật]\n',
  'intents/chung/to-cao.yml':
    'id: to-cao\nkind: to-cao\ndo: safe-card\nfloor: 0.3\nexamples: [tôi muốn tố cáo, tố cáo cán bộ tham nhũng, tố cáo ông chủ tịch nhận tiền]\n',
  'intents/chung/rieng-tu.yml':
    'id: rieng-tu\nkind: about-bot\ndo: privacy\nexamples: [quyền riêng tư, lưu thông tin của tôi thế nào]\n',
  'intents/chung/xoa.yml':
    'id: xoa\nkind: about-bot\ndo: erase\nexamples: [xóa cuộc trò chuyện, /xoa, xóa dữ liệu của tôi]\n',
  'intents/agencies.yml': `
agencies:
  - { id: phuong, name: UBND phường Nhỏ, source: "luật", checked: 2026-07-20, officers: [{ id: ha, name: Nguyễn Thị Hà }] }
  - { id: thanh-pho, name: UBND thành phố, source: "luật", checked: 2026-07-20, officers: [{ id: binh, name: Trần Văn Bình }] }
perWard: []
`,
  'intents/routing.yml': `
- { id: rac, topics: [rac], to: [phuong], why: Phường dọn rác. }
- { id: den, topics: [den], to: [thanh-pho], why: Thành phố giữ đèn. }
- { id: khac, topics: [cau-hoi, gap-can-bo], to: [phuong], why: Nơi gần nhất. }
`,
  'intents/deadlines.yml':
    'phan-anh: { n: 10, unit: working-day, from: opened, kind: law, law: Luật Nhỏ, source: luật, checked: 2026-07-20 }\n',
  'intents/calendar.yml':
    'version: nho\nhours: [{ from: "08:00", to: "12:00" }, { from: "13:00", to: "17:00" }]\noff: []\n',
  'intents/places.yml':
    'source: không\nchecked: 2026-07-20\nwards: []\nold: []\ndistricts: []\nstreets: { first: [], bareFirst: [], alone: [], end: [] }\n',
  'intents/abbreviations.yml': 'abbreviations: []\nslang: {}\nregional: {}\n',
  'intents/facets.yml': `
fee: { tails: [hết bao nhiêu tiền, lệ phí bao nhiêu] }
documents: { tails: [cần giấy tờ gì, mang theo gì] }
time: { tails: [mất mấy ngày, bao lâu có] }
`,
});

export function contentOf(sources: Sources): Content {
  const parsed = parse(sources);
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.where}: ${p.message}`).join('\n'));
  return parsed.value;
}

let learned: { content: Content; reader: Reader } | undefined;
/** Content and reader, learned once a process. */
export function tiny(): { content: Content; reader: Reader } {
  if (!learned) {
    const content = contentOf(tinySources());
    learned = { content, reader: openReader(content, learn(content)) };
  }
  return learned;
}

export interface TestClock {
  at: number;
  now(): number;
}
export const testClock = (at = START): TestClock => ({
  at,
  now() {
    return this.at;
  },
});

export const openMemory = (clock: TestClock): Promise<Store> =>
  openSqlite({ path: ':memory:', clock, keysOf });

/** Lines as written, for searching. */
export function keptLog(): Log & { lines: string[] } {
  const lines: string[] = [];
  const keep = (what: object, message: string) => void lines.push(`${message} ${JSON.stringify(what)}`);
  return { lines, info: keep, warn: keep, error: keep };
}

export interface Replica {
  parts: Parts;
  say: ReturnType<typeof converse>;
  act: ReturnType<typeof actOnCase>;
  send: ReturnType<typeof send>;
  settle: ReturnType<typeof settleCase>;
  fetched: ReturnType<typeof markFetched>;
  heart: ReturnType<typeof wake>;
}

/** One process of the house, joined as wire.ts joins it, on a given store. */
export function replica(o: {
  store: Store;
  clock: TestClock;
  log?: Log;
  content?: Content;
  reader?: Reader;
  push?: Channel['send'];
  official?: boolean;
}): Replica {
  const city = o.content && o.reader ? { content: o.content, reader: o.reader } : tiny();
  const push: Channel = { pull: false, send: o.push ?? (async (_, r) => ({ ref: String(r.n) })) };
  const pull: Channel = { pull: true, send: async () => ({ failed: 'fault' }) };
  const parts: Parts = {
    store: o.store,
    clock: o.clock,
    log: o.log ?? keptLog(),
    live: () => ({ n: 1, fingerprint: 'tiny', ...city, ...(o.content && { content: o.content }) }),
    codeSecret: 'tiny',
    official: o.official ?? false,
    channelOf: (id: ConversationId) => (id.startsWith('web:') ? pull : push),
    hint: () => {},
  };
  const say = converse(parts);
  const settle = settleCase(parts, say);
  const sending = send(parts, settle);
  return {
    parts,
    say,
    act: actOnCase(parts),
    send: sending,
    settle,
    fetched: markFetched(parts, settle),
    heart: wake(parts, sending, settle),
  };
}

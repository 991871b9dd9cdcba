// `npm run bench [-- --json] [--catalogue FILE.jsonl.gz]`: how fast the house is, each thing beside a yardstick
// measured in the same run on the same machine, in turns of a few milliseconds: ratios compare, seconds do not.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { converse } from '../app/converse.ts';
import { packSources } from '../app/pack-sources.ts';
import type { Parts } from '../app/parts.ts';
import type { Channel, Store } from '../app/ports.ts';
import { loadConfig } from '../config.ts';
import { keysOf } from '../core/cases/index.ts';
import { appendEntry, newConversation, takeTurn } from '../core/dialogue/index.ts';
import type { ConversationId, Inbound } from '../core/message.ts';
import { findable, findProcedures, learn, normalize, openCatalogue, understand } from '../core/nlu/index.ts';
import { readFolder } from '../store/folder.ts';
import { openSqlite, sqlitePath } from '../store/sqlite/index.ts';
import { wire } from '../wire.ts';
import { openFiles, ROOT } from './open-files.ts';
import { readArguments } from './read-arguments.ts';

const { values } = readArguments('Cách dùng: npm run bench [-- --json] [--catalogue TỆP.jsonl.gz]', {
  options: { json: { type: 'boolean' }, catalogue: { type: 'string' } },
});

/** What people do: ask, ask on, report, follow up. The second of a pair is typed, not pressed. */
const TALKS = [
  ['xin chào', 'em muốn làm giấy khai sinh cho con', 'đúng ạ', 'tại bệnh viện', 'thế còn lệ phí?', 'cảm ơn'],
  [
    'rác chất đống đầu ngõ nhà tôi ba hôm nay không ai dọn, hôi lắm',
    'ngõ 12 phố Kim Mã, phường Giảng Võ',
    'Bỏ qua',
    'Đúng, gửi đi',
    'phản ánh của tôi đến đâu rồi',
  ],
  ['lam the can cuoc cho con 10 tuoi', 'bao lau co', 'nop o dau', 'mat bao nhieu tien'],
  ['dang ky tam tru can giay to gi', 'o nha thue', 'huy', 'gap can bo', 'goi lai cho toi vao buoi chieu'],
];

interface Speed {
  n: number;
  perSecond: number;
  p50: number;
  p99: number;
}
interface Row {
  what: string;
  of: Speed;
  beside: string;
  yardstick: Speed;
  /** Ours per second over the yardstick's; 1 = as fast. */
  ratio: number;
  aim?: { text: string; met: boolean };
}
const rows: Row[] = [];

const round = (x: number, digits = 3): number => Number(x.toPrecision(digits));
function speedOf(times: number[], wall = times.reduce((a, b) => a + b, 0)): Speed {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
  return {
    n: times.length,
    perSecond: round((1000 * times.length) / wall),
    p50: round(at(0.5)),
    p99: round(at(0.99)),
  };
}
function row(
  what: string,
  of: Speed,
  beside: string,
  yardstick: Speed,
  aim?: (ratio: number) => Row['aim'],
): void {
  const ratio = round(of.perSecond / yardstick.perSecond);
  const met = aim?.(ratio);
  rows.push({ what, of, beside, yardstick, ratio, ...(met && { aim: met }) });
  if (!values.json) console.error(`  xong: ${what}`);
}
const timed = <T>(times: number[], work: () => T): T => {
  const from = performance.now();
  const result = work();
  times.push(performance.now() - from);
  return result;
};
const timedAsync = async <T>(times: number[], work: () => Promise<T>): Promise<T> => {
  const from = performance.now();
  const result = await work();
  times.push(performance.now() - from);
  return result;
};

const sources = await readFolder(ROOT);
const { content, reader } = await openFiles();
const sentences = [...content.intents.values()].flatMap((i) => i.tests).slice(0, 1500);
const folder = mkdtempSync(join(tmpdir(), 'motcua-bench-'));

try {
  const model = learning();
  hearing();
  deciding();
  if (values.catalogue) searching(values.catalogue);
  await talking('lượt thoại có lưu (converse)', 60, 1);
  await talking('300 cuộc thoại cùng lúc (converse)', 300, 300);
  await overHttp();

  /** A tenth of the sentences, beside reading them once: the whole takes ten times as long. */
  function learning(): Uint8Array {
    const tenth = new Map(
      [...content.intents].map(([id, i]) => [
        id,
        { ...i, examples: i.examples.filter((_, k) => k % 10 === 0) },
      ]),
    );
    const examples = [...tenth.values()].flatMap((i) => i.examples);
    const ours: number[] = [];
    const plain: number[] = [];
    const bytes = timed(ours, () => learn({ ...content, intents: tenth }));
    for (let i = 0; i < 3; i++)
      timed(plain, () => {
        for (const e of examples) normalize(e, reader.lexicon);
      });
    row('học một phần mười câu mẫu', speedOf(ours), 'chuẩn hóa chúng một lượt', speedOf(plain));
    return bytes;
  }

  function hearing(): void {
    for (const s of sentences.slice(0, 200)) understand(reader, s, { now: 0 });
    const ours: number[] = [];
    const plain: number[] = [];
    for (const s of sentences) {
      const heard = timed(ours, () => understand(reader, s, { now: 0 }));
      timed(plain, () => JSON.parse(JSON.stringify(heard)) as unknown);
    }
    row('hiểu một câu (understand)', speedOf(ours), 'kết quả ấy qua JSON một vòng', speedOf(plain));
  }

  /** The turn alone, no store: every procedure told whole, rendered from its facts. */
  function deciding(): void {
    const now = Date.UTC(2026, 0, 6, 2);
    const ours: number[] = [];
    const plain: number[] = [];
    const ids = [...content.intents.values()].filter((i) => i.type === 'procedure').map((i) => i.id);
    const heard = understand(reader, '', { now });
    const world = { content, reader, release: 1, now, official: false };
    const before = newConversation('web:bench');
    for (let k = 0; k < 10; k++)
      for (const id of ids) {
        const m = { conversation: before.id, key: 'k', at: now, text: '', choice: `f:${id}:documents` };
        const done = timed(k === 0 ? [] : ours, () =>
          takeTurn(world, before, m, heard, { own: [], freshCode: '000-000-000' }),
        );
        timed(k === 0 ? [] : plain, () => JSON.parse(JSON.stringify(done.conversation)) as unknown);
      }
    row(
      'quyết và viết một câu trả lời (takeTurn)',
      speedOf(ours),
      'cuộc thoại ấy qua JSON một vòng',
      speedOf(plain),
    );
  }

  function searching(file: string): void {
    const bytes = readFileSync(file);
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const lines = text.split('\n').filter((l) => l.trim());
    const records = lines.map((l) => findable(JSON.parse(l))).filter((f) => f !== undefined);
    const index = openCatalogue(content, records);
    const names = records.map((r) => r.name.toLowerCase());
    for (const s of sentences.slice(0, 50)) findProcedures(reader, index, s, 10);
    const ours: number[] = [];
    const plain: number[] = [];
    for (const s of sentences.slice(0, 500)) {
      timed(ours, () => findProcedures(reader, index, s, 10));
      const words = s.toLowerCase().split(' ');
      timed(plain, () => names.filter((n) => words.some((w) => n.includes(w))).length);
    }
    row(`tìm trong ${records.length} thủ tục`, speedOf(ours), 'dò từng tên có chứa một từ', speedOf(plain));
  }

  /** Whole turns on a file, beside an echo that loads, appends and saves as many documents as durably. */
  async function talking(what: string, talks: number, together: number): Promise<void> {
    const clock = { now: Date.now };
    const path = (name: string): string => join(folder, `${together}-${name}.db`);
    const store = await openSqlite({ path: path('ours'), clock, keysOf });
    const bare = await openSqlite({ path: path('echo'), clock, keysOf });
    const { counted, writes } = counting(store);
    const pull: Channel = { pull: true, send: async () => ({ failed: 'fault' }) };
    const quiet = { info: () => {}, warn: () => {}, error: () => {} };
    const parts: Parts = {
      store: counted,
      clock,
      log: quiet,
      live: () => ({ n: 1, fingerprint: 'bench', content, reader }),
      codeSecret: 'bench',
      official: false,
      contactLink: (code) => `http://localhost/lien-he/${code}`,
      channelOf: () => pull,
      hint: () => {},
    };
    const say = converse(parts);
    const ours: number[] = [];
    const plain: number[] = [];
    let wall = 0;
    let wallPlain = 0;
    for (let done = 0; done < talks; done += together) {
      // One after the other, a few milliseconds each: what slows the machine slows both.
      const group = Array.from({ length: together }, (_, i) => done + i);
      const from = performance.now();
      await Promise.all(
        group.map(async (n) => {
          for (const [k, text] of TALKS[n % TALKS.length]!.entries())
            await timedAsync(ours, () => say(inbound(n, k, text)));
        }),
      );
      const middle = performance.now();
      await Promise.all(
        group.map(async (n) => {
          for (const [k, text] of TALKS[n % TALKS.length]!.entries()) {
            const m = inbound(n, k, text);
            await timedAsync(plain, () => echo(bare, m, writes.get(m.key) ?? 1));
          }
        }),
      );
      wall += middle - from;
      wallPlain += performance.now() - middle;
    }
    const of = speedOf(ours, wall);
    row(what, of, 'tiếng vọng trần, lưu bền cùng số lần', speedOf(plain, wallPlain), (ratio) =>
      together === 1
        ? { text: 'tỉ lệ ≥ 0,6 và p99 < 20 ms', met: ratio >= 0.6 && of.p99 < 20 }
        : { text: 'tỉ lệ ≥ 0,6', met: ratio >= 0.6 },
    );
    await store.close();
    await bare.close();
  }

  /** The whole way of a web message, beside an HTTP server that only echoes and saves. */
  async function overHttp(): Promise<void> {
    const clock = { now: Date.now };
    const dataDir = join(folder, 'house');
    const config = loadConfig({ PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
    if (!config.ok) throw new Error(config.problems[0]!.message);
    const first = await openSqlite({ path: sqlitePath(dataDir), clock, keysOf });
    await firstRelease(first);
    await first.close();
    const quiet = { info: () => {}, warn: () => {}, error: () => {} };
    let ids = 0;
    const house = await wire(config.value, {
      clock,
      ids: () => (++ids).toString(16).padStart(32, '0'),
      log: quiet,
      root: ROOT,
    });
    const bare = await openSqlite({ path: join(folder, 'http-echo.db'), clock, keysOf });
    const server = createServer((req, res) => {
      const body: Buffer[] = [];
      req.on('data', (b: Buffer) => body.push(b));
      req.on('end', () => {
        const m = JSON.parse(Buffer.concat(body).toString('utf8')) as Inbound;
        void echo(bare, m, 1).then(() => res.end(JSON.stringify({ id: m.key })));
      });
    });
    try {
      const { url } = await house.serve();
      await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
      const echoUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const ours: number[] = [];
      const plain: number[] = [];
      for (let n = 0; n < 24; n++) {
        const begun = await post(`${url}/v3/directline/conversations`, {});
        const { conversationId, token } = begun as { conversationId: string; token: string };
        const talk = TALKS[n % TALKS.length]!;
        for (const [k, text] of talk.entries()) {
          const m = inbound(n, k, text);
          const keep = n < 4 ? [] : ours;
          await timedAsync(keep, () =>
            post(
              `${url}/v3/directline/conversations/${conversationId}/activities`,
              { type: 'message', from: { id: 'bench' }, text },
              token,
            ),
          );
          await timedAsync(n < 4 ? [] : plain, () => post(echoUrl, m));
        }
      }
      const of = speedOf(ours);
      row('lượt thoại qua web chat (HTTP)', of, 'máy chủ HTTP chỉ vọng lại và lưu', speedOf(plain), () => ({
        text: 'p99 < 20 ms',
        met: of.p99 < 20,
      }));
    } finally {
      server.close();
      server.closeAllConnections();
      await house.stop();
      await bare.close();
    }
  }

  /** Release 1 with the model just learned: from a tenth of the sentences, as quick to hear as the whole. */
  async function firstRelease(store: Store): Promise<void> {
    const packed = packSources(sources);
    const put = async (id: string, bytes: Uint8Array): Promise<string> => {
      const meta = {
        id,
        name: id,
        type: 'application/octet-stream',
        size: bytes.length,
        at: 0,
        owner: 'release',
      };
      await store.files.put(meta, bytes);
      return id;
    };
    const added = await store.releases.add({
      at: Date.now(),
      by: 'bench',
      note: 'đo tốc độ',
      fingerprint: 'bench',
      schemaVersion: 1,
      origin: 'files',
      sources: await put('bench-sources', packed),
      model: await put('bench-model', model),
      report: null,
    });
    await store.releases.makeLive(added.n, undefined);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function inbound(n: number, k: number, text: string): Inbound {
  const conversation: ConversationId = `web:${String(n).padStart(32, '0')}`;
  return { conversation, key: `${n}-${k}`, at: Date.now(), text };
}

/** A store that counts the documents each message saved. */
function counting(store: Store): { counted: Store; writes: Map<string, number> } {
  const writes = new Map<string, number>();
  const opened = new Map<string, number>();
  const counted: Store = {
    ...store,
    conversations: {
      ...store.conversations,
      save: (c) => {
        const key = c.log.findLast((e) => e.from === 'citizen')?.key;
        if (key) writes.set(key, 1 + (opened.get(c.id) ?? 0));
        opened.delete(c.id);
        return store.conversations.save(c);
      },
    },
    cases: {
      ...store.cases,
      save: (c) => {
        const by = c.timeline[0]!.by;
        if (by.kind === 'citizen') opened.set(by.conversation, (opened.get(by.conversation) ?? 0) + 1);
        return store.cases.save(c);
      },
    },
  };
  return { counted, writes };
}

/** The least a conversation that forgets nothing can do. */
async function echo(store: Store, m: Inbound, writes: number): Promise<void> {
  const before = (await store.conversations.load(m.conversation)) ?? newConversation(m.conversation);
  const heard = appendEntry(before, { at: m.at, from: 'citizen', key: m.key, text: m.text });
  await store.conversations.save(appendEntry(heard, { at: m.at, from: 'bot', key: m.key, text: m.text }));
  for (let w = 1; w < writes; w++)
    await store.conversations.save({
      ...newConversation(`terminal:${m.key}-${w}`),
      log: heard.log,
      next: heard.next,
    });
}

async function post(url: string, body: unknown, token?: string): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${new URL(url).pathname}: ${answer.status}`);
  return answer.json();
}

if (values.json) console.log(JSON.stringify({ node: process.version, rows }, null, 2));
else {
  const vi = (x: number): string => x.toLocaleString('vi-VN', { maximumSignificantDigits: 3 });
  const table = [
    [
      'việc',
      'lần',
      'mỗi giây',
      'p50 ms',
      'p99 ms',
      'đặt cạnh',
      'mỗi giây',
      'p50 ms',
      'p99 ms',
      'tỉ lệ',
      'mục tiêu',
    ],
    ...rows.map((r) => [
      r.what,
      vi(r.of.n),
      vi(r.of.perSecond),
      vi(r.of.p50),
      vi(r.of.p99),
      r.beside,
      vi(r.yardstick.perSecond),
      vi(r.yardstick.p50),
      vi(r.yardstick.p99),
      vi(r.ratio),
      r.aim ? `${r.aim.text}: ${r.aim.met ? 'đạt' : 'CHƯA'}` : '',
    ]),
  ];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((line) => line[i]!.length)));
  for (const line of table)
    console.log(
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    );
}

// Releases as a server lives through them: the first, the next, going back, one fact turned off, a broken one,
// an old one under newer code.
import { describe, expect, it } from 'vitest';
import { liveContent, openRelease } from '../../src/app/live-content.ts';
import { packSources } from '../../src/app/pack-sources.ts';
import type { Store } from '../../src/app/ports.ts';
import { factOff, type ReleaseOptions, type ReleaseParts, release, rollback } from '../../src/app/release.ts';
import { type Content, render, type Sources } from '../../src/core/content/index.ts';
import { type Conversation, newConversation, takeTurn } from '../../src/core/dialogue/index.ts';
import { understand } from '../../src/core/nlu/index.ts';
import type { Result } from '../../src/core/result.ts';
import { contentOf, keptLog, openMemory, START, testClock, tinySources } from './tiny.ts';

const FILES: ReleaseOptions = { by: 'thử', note: 'từ tệp', origin: 'files', unmeasured: true };

async function world() {
  const clock = testClock();
  const store = await openMemory(clock);
  const said: string[] = [];
  const parts: ReleaseParts = { store, clock, say: (line) => said.push(line) };
  return { clock, store, parts, said };
}

const must = <T>(r: Result<T>): T => {
  if (!r.ok) throw new Error(r.problems.map((p) => `${p.where}: ${p.message}`).join('\n'));
  return r.value;
};
const edited = (path: string, from: string, to: string): Sources => {
  const sources = tinySources();
  expect(sources[path]).toContain(from);
  return { ...sources, [path]: sources[path]!.replace(from, to) };
};

/** A server that opened whatever is live now. */
async function server(store: Store, own: Content = contentOf(tinySources())) {
  const n = (await store.releases.live())!;
  const log = keptLog();
  const live = liveContent(store, await openRelease(store, (await store.releases.load(n))!, own), own, log);
  const WHO = 'web:00000000000000000000000000000001';
  const say = (to: Conversation, text: string): Conversation => {
    const { content, reader } = live.current();
    const heard = understand(reader, text, { now: START });
    return takeTurn(
      { content, reader, release: 1, now: START, official: false },
      to,
      { conversation: WHO, key: `k${to.next}`, at: START, text },
      heard,
      { own: [], freshCode: '000-000-000' },
    ).conversation;
  };
  const ask = (text: string): string => say(newConversation(WHO), text).log.at(-1)!.text;
  return { live, log, ask, say, talk: newConversation(WHO) };
}
/** Adds to the store what some tool or accident may have left there, and makes it live. */
async function odd(store: Store, file: 'sources' | 'model', bytes: Uint8Array | undefined): Promise<void> {
  const live = (await store.releases.live())!;
  const { n: _, ...release } = (await store.releases.load(live))!;
  if (bytes)
    await store.files.put(
      { id: 'lạ', name: 'lạ', type: 'application/octet-stream', size: bytes.length, at: 0, owner: 'release' },
      bytes,
    );
  const added = await store.releases.add({ ...release, [file]: bytes ? 'lạ' : 'không có' });
  await store.releases.makeLive(added.n, live);
}
const FEE = 'khai sinh cho bé mới đẻ lệ phí bao nhiêu';

describe('a live release that cannot be used', () => {
  const broken = tinySources();
  broken['intents/thu-tuc/khai-sinh.yml'] = 'id: [';
  it.each([
    ['no sources', 'sources', undefined, /không còn tệp nội dung/],
    ['sources that are no archive', 'sources', new TextEncoder().encode('rác'), /bị hỏng/],
    ['sources with a fault', 'sources', packSources(broken), /lỗi ở intents\/thu-tuc\/khai-sinh\.yml:\d+: /],
    ['no model', 'model', undefined, /không còn mô hình/],
  ] as const)(
    '%s: named in Vietnamese with what to do, and the old one stays',
    async (_, file, bytes, said) => {
      const { store, parts } = await world();
      must(await release(parts, tinySources(), FILES));
      const s = await server(store);
      await odd(store, file, bytes);
      expect(await s.live.follow()).toBe(false);
      expect(s.live.trouble()).toMatch(said);
      expect(s.live.trouble()).toMatch(/^Bản phát hành 2: .+ Hãy .*--rollback/);
      expect(s.live.trouble()).not.toMatch(/release \d|missing|header/);
      expect(s.ask(FEE)).toContain('Miễn phí đúng hạn.');
    },
  );
});

describe('release', () => {
  it('freezes sources and model under one number and makes it live', async () => {
    const { store, parts } = await world();
    const r = must(await release(parts, tinySources(), FILES));
    expect(r.n).toBe(1);
    expect(await store.releases.live()).toBe(1);
    expect(await store.files.open(r.sources)).toBeDefined();
    expect(await store.files.open(r.model)).toBeDefined();
    const s = await server(store);
    expect(s.ask(FEE)).toContain('Miễn phí đúng hạn.');
  });

  it('takes the model of the one before when only wording changed, and learns when examples did', async () => {
    const { parts } = await world();
    const first = must(await release(parts, tinySources(), FILES));
    const worded = must(
      await release(parts, edited('locales/vi/nho.yml', 'Chào anh/chị.', 'Kính chào anh/chị.'), FILES),
    );
    expect(worded.n).toBe(2);
    expect(worded.model).toBe(first.model);
    expect(worded.fingerprint).not.toBe(first.fingerprint);
    const learned = must(
      await release(
        parts,
        edited('intents/phan-anh/den.yml', 'đèn đường hỏng', 'đèn đường hỏng, đèn phố chập chờn'),
        FILES,
      ),
    );
    expect(learned.model).not.toBe(first.model);
  });

  it('learns anew when an example only asks for something else than before', async () => {
    const { parts } = await world();
    const asks = (lines: string) =>
      edited('intents/thu-tuc/khai-sinh.yml', 'flow:', `asks: {${lines}}\nflow:`);
    const before = asks(
      'fee: [khai sinh hết mấy đồng, khai sinh bao lâu xong], time: [khai sinh chờ mấy hôm]',
    );
    const after = asks(
      'fee: [khai sinh hết mấy đồng], time: [khai sinh bao lâu xong, khai sinh chờ mấy hôm]',
    );
    const first = must(await release(parts, before, FILES));
    expect(must(await release(parts, after, FILES)).model).not.toBe(first.model);
  });

  it('gives the same fingerprint for the same files', async () => {
    const [a, b] = [await world(), await world()];
    const first = must(await release(a.parts, tinySources(), FILES));
    const again = must(
      await release(b.parts, Object.fromEntries(Object.entries(tinySources()).reverse()), FILES),
    );
    expect(again.fingerprint).toBe(first.fingerprint);
  });

  it('that fails validation says where and leaves live untouched', async () => {
    const { store, parts } = await world();
    must(await release(parts, tinySources(), FILES));
    const bad = await release(parts, edited('intents/routing.yml', 'topics: [den]', 'topics: [dien]'), FILES);
    expect(bad.ok).toBe(false);
    if (!bad.ok) expect(bad.problems.map((p) => p.where)).toContain('intents/routing.yml:3');
    const unreadable = await release(parts, { ...tinySources(), 'intents/routing.yml': '- {' }, FILES);
    expect(unreadable.ok).toBe(false);
    expect(await store.releases.live()).toBe(1);
    expect((await store.releases.list(10)).length).toBe(1);
  });

  it('is refused when a talk goes another way', async () => {
    const { store, parts } = await world();
    must(await release(parts, tinySources(), FILES));
    const refused = await release(
      { ...parts, rehearse: async () => ['a.chat:3: cần bot [x]'] },
      tinySources(),
      {
        ...FILES,
        unmeasured: false,
      },
    );
    expect(refused.ok).toBe(false);
    if (!refused.ok) expect(refused.problems[0]!.message).toBe('a.chat:3: cần bot [x]');
    expect(await store.releases.live()).toBe(1);
  });

  it('made by two replicas on an empty store: one is live, the other hears so', async () => {
    const { store, parts } = await world();
    const both = await Promise.all([
      release(parts, tinySources(), FILES),
      release(parts, tinySources(), FILES),
    ]);
    const won = both.filter((r) => r.ok);
    expect(won.length).toBe(1);
    expect(await store.releases.live()).toBe(must(won[0]!).n);
    const lost = both.find((r) => !r.ok);
    if (lost && !lost.ok) expect(lost.problems[0]!.code).toBe('conflict');
  });
});

describe('rollback', () => {
  it('moves the pointer and nothing else; a running server follows', async () => {
    const { store, parts } = await world();
    must(await release(parts, tinySources(), FILES));
    const s = await server(store);
    must(
      await release(parts, edited('intents/thu-tuc/khai-sinh.yml', 'Miễn phí đúng hạn.', 'Tám đồng.'), FILES),
    );
    expect(await s.live.follow()).toBe(true);
    expect(s.ask(FEE)).toContain('Tám đồng.');
    expect(must(await rollback(parts)).n).toBe(1);
    expect(await s.live.follow()).toBe(true);
    expect(s.live.current().n).toBe(1);
    expect(s.ask(FEE)).toContain('Miễn phí đúng hạn.');
    expect((await store.releases.list(10)).map((r) => r.n)).toEqual([2, 1]);
    expect(must(await rollback(parts, 2)).n).toBe(2);
  });

  it('goes to what was live before, not to a release that was taken back itself', async () => {
    const { parts, store } = await world();
    for (const note of ['một', 'hai']) must(await release(parts, tinySources(), { ...FILES, note }));
    expect(must(await rollback(parts)).n).toBe(1);
    must(await release(parts, tinySources(), { ...FILES, note: 'ba' }));
    expect(must(await rollback(parts)).n, '2 was taken back before 3 came').toBe(1);
    expect((await rollback(parts)).ok, 'nothing was live before 1').toBe(false);
    expect(await store.releases.live()).toBe(1);
  });

  it('says when there is nothing to go back to', async () => {
    const { parts } = await world();
    const none = await rollback(parts);
    expect(none.ok).toBe(false);
    must(await release(parts, tinySources(), FILES));
    const first = await rollback(parts);
    expect(first.ok).toBe(false);
    const unknown = await rollback(parts, 77);
    if (!unknown.ok) expect(unknown.problems[0]!.code).toBe('not-found');
    expect(unknown.ok).toBe(false);
  });
});

describe('one fact turned off', () => {
  it('is stated no more by a second running server after one look', async () => {
    const { store, parts } = await world();
    must(await release(parts, tinySources(), FILES));
    const s = await server(store);
    expect(s.ask(FEE)).toContain('Miễn phí đúng hạn.');
    const off = must(await factOff(parts, '1.001193', 'fee', { by: 'thử', why: 'có nghị quyết mới' }));
    expect(off.origin).toBe('fact-off');
    expect(off.model).toBe((await store.releases.load(1))!.model);
    expect(await s.live.follow()).toBe(true);
    const answer = s.ask(FEE);
    expect(answer).not.toContain('Miễn phí');
    expect(answer).toContain(
      render(s.live.current().content, { id: 'thu-tuc.chua-co.fee', slots: { agency: 'UBND cấp xã' } }, 'vi'),
    );
  });

  it('is not said again by a server asked to repeat its last answer', async () => {
    const { store, parts } = await world();
    const repeat = 'id: nhac-lai\nkind: small-talk\ndo: repeat\ncommands: [/nhaclai]\n';
    must(await release(parts, { ...tinySources(), 'intents/chung/nhac-lai.yml': repeat }, FILES));
    const s = await server(store);
    const told = s.say(s.talk, FEE);
    expect(s.say(told, '/nhaclai').log.at(-1)!.text).toContain('Miễn phí đúng hạn.');
    must(await factOff(parts, 'khai-sinh', 'fee', { by: 'thử', why: 'sai' }));
    await s.live.follow();
    const again = s.say(told, '/nhaclai');
    expect(again.log.at(-1)!.text).not.toContain('Miễn phí');
    expect(again.log.at(-1)!.say).toContain('thu-tuc.chua-co.fee');
    expect(s.say(again, '/nhaclai').log.at(-1)!.text, 'again and again').toContain('khai sinh');
  });

  it('stays off: files may not overwrite it unless told to', async () => {
    const { store, parts } = await world();
    must(await release(parts, tinySources(), FILES));
    must(await factOff(parts, 'khai-sinh', 'fee', { by: 'thử', why: 'sai' }));
    const refused = await release(parts, tinySources(), FILES);
    expect(refused.ok).toBe(false);
    if (!refused.ok) {
      expect(refused.problems[0]!.code).toBe('conflict');
      expect(refused.problems[0]!.message).toContain('--force');
    }
    expect(await store.releases.live()).toBe(2);
    expect(must(await release(parts, tinySources(), { ...FILES, force: true })).n).toBe(3);
  });

  it('turns off two facts one after the other, keeping both off', async () => {
    const { store, parts } = await world();
    must(await release(parts, tinySources(), FILES));
    must(await factOff(parts, 'khai-sinh', 'fee', { by: 'thử', why: 'sai' }));
    must(await factOff(parts, 'khai-sinh', 'documents', { by: 'thử', why: 'sai' }));
    const p = (await server(store)).live.current().content.intents.get('khai-sinh');
    expect(p?.type === 'procedure' && Object.keys(p.facts)).toEqual(['agency']);
  });

  it.each([
    ['1.001193', 'gia', 'vì', 'bad-input'],
    ['9.999999', 'fee', 'vì', 'not-found'],
    ['khai-tu', 'fee', 'vì', 'not-found'],
    ['khai-sinh', 'fee', ' ', 'bad-input'],
  ])('of %s %s because "%s" is refused: %s', async (what, field, why, code) => {
    const { store, parts } = await world();
    must(await release(parts, tinySources(), FILES));
    const r = await factOff(parts, what, field, { by: 'thử', why });
    expect(r.ok).toBe(false);
    if (!r.ok) expect(r.problems[0]!.code).toBe(code);
    expect(await store.releases.live()).toBe(1);
  });
});

describe('a running server', () => {
  it('keeps the old release when the new one cannot be opened, and says so until it can', async () => {
    const { store, parts, clock } = await world();
    const good = must(await release(parts, tinySources(), FILES));
    const s = await server(store);
    const bytes = packSources({ ...tinySources(), 'intents/routing.yml': '- {' });
    await store.files.put(
      {
        id: 'hong',
        name: 'x',
        type: 'application/octet-stream',
        size: bytes.length,
        at: clock.at,
        owner: 'release',
      },
      bytes,
    );
    const { n: _, ...rest } = good;
    const broken = await store.releases.add({ ...rest, sources: 'hong' });
    expect(await store.releases.makeLive(broken.n, 1)).toBe(true);
    expect(await s.live.follow()).toBe(false);
    expect(await s.live.follow()).toBe(false);
    expect(s.live.current().n).toBe(1);
    expect(s.live.trouble()).toContain('Bản phát hành 2');
    expect(s.log.lines.length, 'said once, not at every look').toBe(1);
    expect(s.ask(FEE)).toContain('Miễn phí');
    must(await rollback(parts, 1));
    await s.live.follow();
    expect(s.live.trouble()).toBeUndefined();
  });

  it.each(['sources', 'model'] as const)('does not take a release whose %s cannot be found', async (part) => {
    const { store, parts } = await world();
    const { n: _, ...good } = must(await release(parts, tinySources(), FILES));
    const s = await server(store);
    const lost = await store.releases.add({ ...good, [part]: 'khong-co' });
    await store.releases.makeLive(lost.n, 1);
    expect(await s.live.follow()).toBe(false);
    expect(s.live.current().n).toBe(1);
    expect(s.live.trouble()).toContain('không còn');
  });

  it('brings along the sentences an old release has never heard of', async () => {
    const { store, parts } = await world();
    const whole = tinySources();
    must(await release(parts, whole, FILES));
    // An older release: made when the code did not yet say this.
    const old = { ...whole };
    old['locales/vi/he-thong.yml'] = whole['locales/vi/he-thong.yml']!.replace(/^khong-co-chu:.*\n/m, '');
    expect(old['locales/vi/he-thong.yml']).not.toBe(whole['locales/vi/he-thong.yml']);
    const bytes = packSources(old);
    const { n: _, ...first } = (await store.releases.load(1))!;
    await store.files.put(
      {
        id: 'cu',
        name: 'x',
        type: 'application/octet-stream',
        size: bytes.length,
        at: START,
        owner: 'release',
      },
      bytes,
    );
    const r = await store.releases.add({ ...first, sources: 'cu' });
    await store.releases.makeLive(r.n, 1);
    const s = await server(store);
    expect(s.live.current().n).toBe(2);
    const own = contentOf(whole);
    expect(s.live.current().content.wording.vi['khong-co-chu']).toBe(own.wording.vi['khong-co-chu']);
    const said = render(s.live.current().content, { id: 'khong-co-chu' }, 'vi');
    expect(said.length).toBeGreaterThan(10);
  });

  it('whose model older code has learned is learned anew, and a fact can be turned off at once', async () => {
    const { store, parts, said } = await world();
    must(await release(parts, tinySources(), FILES));
    const { n: _, ...first } = (await store.releases.load(1))!;
    const model = (await store.files.open(first.model))!;
    const bytes = Uint8Array.from(model.bytes);
    // The first four bytes name the shape of what follows.
    bytes[3] = bytes[3]! - 1;
    await store.files.put({ ...model.meta, id: 'doi-truoc' }, bytes);
    const old = await store.releases.add({ ...first, model: 'doi-truoc' });
    await store.releases.makeLive(old.n, 1);
    const s = await server(store);
    expect(s.live.current().n).toBe(2);
    expect(s.ask(FEE)).toContain('Miễn phí');
    said.length = 0;
    must(await factOff(parts, 'khai-sinh', 'fee', { by: 'thử', why: 'đang kiểm tra' }));
    expect(said.join()).not.toContain('Đang học');
    await s.live.follow();
    expect(s.ask(FEE)).not.toContain('Miễn phí');
    // The next release from files learns with the newer code.
    must(await release(parts, tinySources(), { ...FILES, force: true }));
    expect(said.join()).toContain('Đang học');
  });
});

// The classifier by itself: it learns a made-up language of requests, honestly and the same each time.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash } from '../../src/core/nlu/features.ts';
import {
  type Line,
  learnForeign,
  measureForeign,
  pairLines,
  parseLabelled,
} from '../../src/core/nlu/foreign.ts';
import { probabilities, temperatureOf } from '../../src/core/nlu/linear.ts';
import { calibrationError, score } from '../../src/core/nlu/measures.ts';
import { noisy, swapsOf } from '../../src/core/nlu/noise.ts';
import { openLexicon } from '../../src/core/nlu/normalize.ts';
import { seeded } from '../../src/core/nlu/random.ts';

const lexicon = openLexicon({ abbreviations: [], slang: { ko: 'không' }, regional: {} });

/** Travel requests with slots, uneven classes and rare joint labels, as public intent sets have them. */
function travel(count: number, seed: number): Line[] {
  const random = seeded(seed);
  const pick = (from: string[]): string => from[Math.floor(random() * from.length)]!;
  const city = (): string =>
    pick(['hà nội', 'đà nẵng', 'sài_gòn', 'huế', 'cần_thơ', 'nha_trang', 'đà_lạt', 'vinh']);
  const polite = (): string => pick(['', '', 'cho tôi biết ', 'tôi muốn hỏi ', 'làm ơn ', 'xin hỏi ']);
  const when = (): string => pick(['', ' vào thứ hai', ' ngày 12', ' sáng mai', ' trước 9 giờ', ' tuần tới']);
  const kinds: [string, number, () => string][] = [
    [
      'flight',
      60,
      () => `${pick(['các chuyến bay', 'chuyến_bay', 'có chuyến nào'])} từ ${city()} đến ${city()}`,
    ],
    [
      'airfare',
      12,
      () => `${pick(['giá vé', 'vé bao nhiêu tiền', 'giá khứ_hồi'])} từ ${city()} đi ${city()}`,
    ],
    ['flight#airfare', 3, () => `các chuyến bay và giá vé từ ${city()} đến ${city()}`],
    [
      'ground_service',
      7,
      () => `${pick(['xe đưa đón', 'phương_tiện đi lại', 'thuê xe'])} ở sân_bay ${city()}`,
    ],
    [
      'airline',
      6,
      () => `${pick(['hãng nào bay', 'hãng hàng_không nào có chuyến'])} từ ${city()} đến ${city()}`,
    ],
    [
      'abbreviation',
      5,
      () => `mã ${pick(['f', 'qx', 'b4', 'yn'])} ${pick(['nghĩa là gì', 'là viết tắt của gì'])}`,
    ],
    ['aircraft', 4, () => `loại máy_bay nào dùng cho chuyến từ ${city()} đến ${city()}`],
    [
      'flight_time',
      3,
      () => `chuyến bay từ ${city()} đến ${city()} ${pick(['khởi_hành lúc nào', 'mấy giờ cất_cánh'])}`,
    ],
    ['distance', 2, () => `từ sân_bay đến trung_tâm ${city()} ${pick(['bao xa', 'bao nhiêu cây số'])}`],
    ['meal', 1, () => `bữa ăn ${pick(['nào phục_vụ', 'có gì'])} trên chuyến từ ${city()} đến ${city()}`],
  ];
  const total = kinds.reduce((n, [, w]) => n + w, 0);
  return Array.from({ length: count }, () => {
    let at = random() * total;
    const [label, , say] =
      kinds.find(([, w]) => {
        at -= w;
        return at < 0;
      }) ?? kinds[0]!;
    return { label, text: `${polite()}${say()}${when()}` };
  });
}

describe('a labelled set that is not ours', () => {
  const train = travel(1500, 1);
  const report = measureForeign(train, travel(600, 2), lexicon, () => performance.now());
  it('is learned nearly without fault, rare and joint labels too', () => {
    expect(report.accuracy).toBeGreaterThanOrEqual(0.985);
    expect(report.macroF1).toBeGreaterThanOrEqual(0.95);
    expect(report.bareAccuracy).toBeGreaterThanOrEqual(0.98);
  });
  it('within the time that a benchmark allows', () => {
    expect(report.trainMs).toBeLessThan(10_000);
    expect(report.msPerUtterance).toBeLessThan(1);
  });
  it('the same lines give the same weights', () => {
    const a = learnForeign(train.slice(0, 300), lexicon).model;
    const b = learnForeign(train.slice(0, 300), lexicon).model;
    expect(Buffer.from(a.weights.buffer).equals(Buffer.from(b.weights.buffer))).toBe(true);
    expect([...a.bias]).toEqual([...b.bias]);
  });
  it('labels that nobody could learn are named', () => {
    const r = measureForeign(train.slice(0, 200), [{ text: 'x', label: 'day_name' }], lexicon, () => 0);
    expect(r.unseenLabels).toEqual(['day_name']);
    expect(r.accuracy).toBe(0);
  });
});

it('reads both shapes of labelled files', () => {
  expect(parseLabelled('text\tlabel\nmấy giờ\ttime\n\nhỏng dòng\n')).toEqual([
    { text: 'mấy giờ', label: 'time' },
  ]);
  expect(pairLines('a\nb\n', 'x\ny\n')).toEqual([
    { text: 'a', label: 'x' },
    { text: 'b', label: 'y' },
  ]);
});

it('temperature makes boasting scores modest and timid ones bold', () => {
  const random = seeded(4);
  const make = (scale: number) =>
    Array.from({ length: 2000 }, () => {
      // Right in 70 of 100 cases, whatever it claims.
      const right = random() < 0.7;
      return { scores: Float32Array.of(scale, 0), labels: [right ? 0 : 1] };
    });
  for (const scale of [8, 0.2]) {
    const held = make(scale);
    const t = temperatureOf(held, 'softmax');
    const p = probabilities(Float32Array.of(scale, 0), t, 'softmax')[0]!;
    expect(p).toBeGreaterThan(0.65);
    expect(p).toBeLessThan(0.75);
  }
});

it('measures are what they say', () => {
  const s = score([
    { right: 'a', said: 'a' },
    { right: 'a', said: 'b' },
    { right: 'b', said: 'b' },
    { right: 'c', said: 'b' },
  ]);
  expect(s.accuracy).toBe(0.5);
  expect(s.perLabel.b).toEqual({ n: 1, precision: 0.3333, recall: 1, f1: 0.5 });
  expect(s.confusions[0]).toEqual({ right: 'a', said: 'b', n: 1 });
  expect(calibrationError([{ sure: 1, right: true }])).toBe(0);
  expect(calibrationError([{ sure: 0.9, right: false }])).toBe(0.9);
});

it('noise is the same for the same seed and never throws', () => {
  const swaps = swapsOf([{ ko: 'không', dc: 'được' }]);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer(), (text, seed) => {
      expect(noisy(text, swaps, seeded(seed))).toBe(noisy(text, swaps, seeded(seed)));
    }),
  );
  const all = Array.from({ length: 50 }, (_, i) => noisy('em không được cấp giấy', swaps, seeded(i)));
  expect(all.some((t) => /\bko\b/.test(t))).toBe(true);
  expect(new Set(all).size).toBeGreaterThan(20);
});

it('hashes are never the empty slot', () => {
  fc.assert(fc.property(fc.string(), (s) => hash(s) !== 0));
});

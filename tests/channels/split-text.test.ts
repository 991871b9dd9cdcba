import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, sendable, splitText } from '../../src/channels/telegram/split-text.ts';
import { showHtml } from './fake-telegram/html.ts';

const words = fc
  .array(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\n\n', ' ', '&', '<b>', '👩‍👩‍👧', 'ễ')),
  )
  .map((parts) => parts.join(''));

describe('splitText', () => {
  it('loses nothing but white space, fits the limit, and never breaks a character', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 60 }), (text, limit) => {
        const pieces = splitText(text, limit);
        for (const p of pieces) {
          expect(escapeHtml(p).length).toBeLessThanOrEqual(limit);
          expect(p.trim()).not.toBe('');
          if (text.isWellFormed()) expect(p.isWellFormed()).toBe(true);
        }
        expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });

  it('cuts at a paragraph before a line, at a line before a word', () => {
    expect(splitText('một hai\nba\n\nbốn năm sáu', 20)).toEqual(['một hai\nba', 'bốn năm sáu']);
    expect(splitText('một hai ba\nbốn năm sáu', 18)).toEqual(['một hai ba', 'bốn năm sáu']);
    expect(splitText('một hai ba bốn', 9)).toEqual(['một hai', 'ba bốn']);
  });

  it('does not waste a message on a short first paragraph', () => {
    const [first] = splitText(`Chào.\n\n${'chữ '.repeat(50)}`, 100);
    expect(first!.length).toBeGreaterThan(80);
  });

  it('counts what escaping adds', () => {
    expect(splitText('<<<<<<<<', 16)).toEqual(['<<<<', '<<<<']);
  });

  it('keeps composed characters whole', () => {
    expect(splitText('👩‍👩‍👧👩‍👩‍👧', 10)).toEqual(['👩‍👩‍👧', '👩‍👩‍👧']);
    expect(splitText('xe\u0323\u0302x', 3)).toEqual(['x', 'e\u0323\u0302', 'x']);
  });

  it('ends even on ten thousand combining marks', () => {
    const pieces = splitText(`a${'\u0301'.repeat(10_000)}`, 4096);
    expect(pieces.length).toBe(3);
  });
});

describe('escapeHtml and sendable', () => {
  it('are shown by Telegram as they were meant', () => {
    fc.assert(
      fc.property(words, (text) => {
        const clean = sendable(text);
        expect(clean.isWellFormed()).toBe(true);
        expect(showHtml(escapeHtml(clean))).toEqual({ text: clean });
      }),
    );
  });
});

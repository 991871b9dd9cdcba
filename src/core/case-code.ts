// Case codes: how they are made, printed and read back. Nine symbols, the last one a check symbol.
// Knows no case and no store: whether a code is taken is the caller's to find out.
import { createHmac } from 'node:crypto';
import type { CaseCode } from './cases/case.ts';

/** No pair that looks alike (O/0, I/1), none that sounds alike when spelled out in Vietnamese. */
export const CODE_ALPHABET = '0123456789AHKMQRTXY';
const BASE = CODE_ALPHABET.length;
const SYMBOLS = 8;
/** 9 · 17 ≡ 1 (mod 19): turns the weighted sum of eight symbols into the ninth. */
const INVERSE_OF_9 = 17;
/** Symbols outside the alphabet that can only have been meant as one inside it. */
const LOOKS_LIKE: Record<string, string> = { O: '0', I: '1', L: '1' };

const print = (nine: string): CaseCode => `${nine.slice(0, 3)}-${nine.slice(3, 6)}-${nine.slice(6)}`;
/**
 * Letters and digits both, or it could be an identity number or a word; and one digit that no letter is taken for
 * (O and I are read as 0 and 1): "mấy hôm thì" is no code.
 */
const mixed = (nine: string): boolean => /[2-9]/.test(nine) && /[A-Z]/.test(nine);

function weightedSum(symbols: string): number {
  let sum = 0;
  for (let i = 0; i < symbols.length; i++) sum += (i + 1) * CODE_ALPHABET.indexOf(symbols.charAt(i));
  return sum % BASE;
}

function withCheck(eight: string): string {
  return eight + CODE_ALPHABET.charAt(((BASE - weightedSum(eight)) * INVERSE_OF_9) % BASE);
}

/**
 * The code of the case that message `key` of `conversation` opens; the same arguments give the same code for
 * ever. `attempt` counts from 0: the next one when another opener already has the code.
 */
export function caseCode(secret: string, conversation: string, key: string, attempt: number): CaseCode {
  for (let skipped = 0; ; skipped++) {
    const mac = createHmac('sha256', secret)
      .update([conversation, key, attempt, skipped].join('\n'))
      .digest();
    let n = mac.readBigUInt64BE(0) % BigInt(BASE) ** BigInt(SYMBOLS);
    let eight = '';
    for (let i = 0; i < SYMBOLS; i++) {
      eight = CODE_ALPHABET.charAt(Number(n % BigInt(BASE))) + eight;
      n /= BigInt(BASE);
    }
    const nine = withCheck(eight);
    if (mixed(nine)) return print(nine);
  }
}

/**
 * Reads a code as typed: any case, with spaces, dots, dashes or none, O for 0 and I or L for 1. `undefined`
 * when it is no code or its check symbol disagrees (Σ i·dᵢ ≢ 0 mod 19): every single wrong symbol and every
 * swap of two is refused, and nothing is guessed, so there are never two readings.
 */
export function parseCaseCode(typed: string): CaseCode | undefined {
  const nine = symbolsOf(typed);
  return nine !== undefined && mixed(nine) && weightedSum(nine) === 0 ? print(nine) : undefined;
}

/** True when it has the shape of a code (nine symbols, letters and digits) but the check symbol refuses it. */
export function looksMistyped(typed: string): boolean {
  const nine = symbolsOf(typed);
  return nine !== undefined && mixed(nine) && weightedSum(nine) !== 0;
}

function symbolsOf(typed: string): string | undefined {
  if (typed.length > 40) return undefined;
  const nine = [...typed.toUpperCase()]
    .filter((c) => !/[\s.\-–—_]/.test(c))
    .map((c) => LOOKS_LIKE[c] ?? c)
    .join('');
  return nine.length === SYMBOLS + 1 && [...nine].every((c) => CODE_ALPHABET.includes(c)) ? nine : undefined;
}

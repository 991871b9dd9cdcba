// Use-case: a file somebody sent becomes a stored file, or a problem. Hides how a picture is judged and cleaned; must
// not know the channel it came by, nor what it is for.
import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { type FileRef, type Instant, MAX_FILE_BYTES } from '../core/message.ts';
import { fail, ok, problem, type Result } from '../core/result.ts';
import type { Files } from './ports.ts';

// Nothing of a citizen's photo stays in libvips' memory once it is stored.
sharp.cache(false);

export const MAX_PIXELS = 50_000_000;

/** A decoder that is fed something devilish must end some day, in s. */
const DECODE_TIMEOUT = 15;

export interface Upload {
  name: string;
  bytes: Uint8Array;
  /** Conversation (or officer) it belongs to. */
  owner: string;
  at: Instant;
}

/**
 * Stores a JPEG, PNG, WebP or PDF of at most MAX_FILE_BYTES, judged by its content, and resolves to its reference when it is
 * durable. Pictures are drawn anew: upright, without place, camera or anything else that was not the picture.
 * Problems: too-large (bytes or pixels), wrong-type (another type, animated, broken, two files in one). Bad input
 * never throws; a store that is away does.
 */
export async function keepFile(files: Files, upload: Upload): Promise<Result<FileRef>> {
  if (upload.bytes.length > MAX_FILE_BYTES) {
    return fail(problem('too-large', `Tệp lớn hơn ${MAX_FILE_BYTES / 1_048_576} MB. Hãy gửi tệp nhỏ hơn.`));
  }
  const cleaned = await clean(upload.bytes);
  if (!cleaned.ok) return cleaned;
  const { type, bytes } = cleaned.value;
  // With the owner in it, the same photo of two citizens is two files: neither can reach the other's.
  const id = createHash('sha256').update(`${upload.owner}\0`).update(bytes).digest('hex');
  const ref: FileRef = { id, name: cleanName(upload.name, type), type, size: bytes.length };
  await files.put({ ...ref, at: upload.at, owner: upload.owner }, bytes);
  return ok(ref);
}

type Cleaned = { type: FileRef['type']; bytes: Uint8Array };

async function clean(bytes: Uint8Array): Promise<Result<Cleaned>> {
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  switch (found?.mime) {
    case 'image/jpeg':
    case 'image/png':
    case 'image/webp':
      return oneAtATime(() => redraw(bytes, found.mime as Picture));
    case 'application/pdf':
      return checkPdf(bytes);
    default:
      return wrong('Chỉ nhận ảnh JPEG, PNG, WebP hoặc tệp PDF.');
  }
}

const wrong = (message: string) => fail(problem('wrong-type', message));

type Picture = Exclude<FileRef['type'], 'application/pdf'>;

/** A picture of 50 megapixels takes 150 MB while it is turned: two at once are one too many. */
let last: Promise<unknown> = Promise.resolve();
function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work);
  last = mine.then(
    () => undefined,
    () => undefined,
  );
  return mine;
}

async function redraw(bytes: Uint8Array, type: Picture): Promise<Result<Cleaned>> {
  try {
    // Reads the header only, so the limit is ours to say and a bomb is not unpacked.
    const header = await sharp(bytes, { limitInputPixels: false }).metadata();
    if ((header.pages ?? 1) > 1) return wrong('Ảnh động chưa nhận được. Hãy gửi ảnh tĩnh.');
    if (header.width * header.height > MAX_PIXELS) {
      return fail(problem('too-large', 'Ảnh quá lớn (trên 50 triệu điểm ảnh). Hãy gửi ảnh nhỏ hơn.'));
    }
    const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'truncated' })
      .timeout({ seconds: DECODE_TIMEOUT })
      .autoOrient();
    const encoded =
      type === 'image/jpeg'
        ? picture.jpeg({ quality: 88 })
        : type === 'image/png'
          ? picture.png({ compressionLevel: 9 })
          : picture.webp({ quality: 88 });
    return ok({ type, bytes: await encoded.toBuffer() });
  } catch {
    return wrong('Ảnh bị hỏng hoặc tải lên chưa trọn vẹn. Hãy gửi lại.');
  }
}

/** Kept byte for byte: a signed or sealed paper must stay what it is. What it says about its maker stays, too. */
function checkPdf(bytes: Uint8Array): Result<Cleaned> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = file.lastIndexOf('%%EOF');
  if (!file.subarray(0, 5).equals(Buffer.from('%PDF-')) || end < 0) {
    return wrong('Tệp PDF bị hỏng hoặc tải lên chưa trọn vẹn. Hãy gửi lại.');
  }
  // A second file in the same bytes (an archive, a page with scripts) would be opened by other programs as that.
  const tail = file.subarray(end + '%%EOF'.length);
  if (tail.some((byte) => !WHITE.includes(byte)) || endsAsZip(file)) {
    return wrong('Tệp này vừa là PDF vừa là loại tệp khác. Hãy xuất lại PDF rồi gửi.');
  }
  return ok({ type: 'application/pdf', bytes });
}

const WHITE = [0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x1a, 0x20];

/** Zip readers look for this record from the end, with a comment that reaches to the last byte. */
function endsAsZip(file: Buffer): boolean {
  const record = file.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (record < 0 || record + 22 > file.length) return false;
  return record + 22 + file.readUInt16LE(record + 20) >= file.length;
}

const EXTENSIONS: Record<FileRef['type'], { right: RegExp; add: string; word: string }> = {
  'image/jpeg': { right: /\.jpe?g$/i, add: '.jpg', word: 'anh' },
  'image/png': { right: /\.png$/i, add: '.png', word: 'anh' },
  'image/webp': { right: /\.webp$/i, add: '.webp', word: 'anh' },
  'application/pdf': { right: /\.pdf$/i, add: '.pdf', word: 'tep' },
};

/** The sender's name without folders and invisible characters, ending as its content demands. */
function cleanName(given: string, type: FileRef['type']): string {
  const { right, add, word } = EXTENSIONS[type];
  const base = (given.split(/[\\/]/).at(-1) ?? '')
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{C}<>:"|?*]/gu, '')
    .trim();
  if (right.test(base) && base.replace(right, '') !== '' && base.length <= 150) return base;
  // Cut between characters, not within one.
  const stem = [...base.replace(/\.[^.]{0,10}$/, '')].slice(0, 70).join('').trim();
  return `${stem || word}${add}`;
}

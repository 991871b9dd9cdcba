// Real pictures, real files, and files that pretend, against a store in memory.
import { readFileSync } from 'node:fs';
import { deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { keepFile } from '../../src/app/keep-file.ts';
import { keysOf } from '../../src/core/cases/index.ts';
import { FileRef, MAX_FILE_BYTES } from '../../src/core/message.ts';
import { openSqlite } from '../../src/store/sqlite/index.ts';

const store = await openSqlite({ path: ':memory:', clock: { now: () => 0 }, keysOf });
afterAll(() => store.close());
const files = store.files;

const keep = (bytes: Uint8Array, name = 'rác đầu ngõ.jpg', owner = 'web:1') =>
  keepFile(files, { name, bytes, owner, at: 5 });

async function kept(bytes: Uint8Array, name?: string, owner?: string) {
  const result = await keep(bytes, name, owner);
  if (!result.ok) throw new Error(result.problems[0]?.message);
  const opened = await files.open(result.value.id);
  return { ref: result.value, bytes: Buffer.from(opened!.bytes), meta: opened!.meta };
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const result = await keep(bytes);
  if (result.ok) return 'kept';
  expect(result.problems).toHaveLength(1);
  expect(result.problems[0]?.message).toMatch(/Hãy gửi|Chỉ nhận|rồi gửi/);
  return result.problems[0]!.code;
}

/** 40 × 20, left half red, right half blue. */
const drawn = () =>
  sharp({ create: { width: 40, height: 20, channels: 3, background: '#f00' } }).composite([
    { input: { create: { width: 20, height: 20, channels: 3, background: '#00f' } }, left: 20, top: 0 },
  ]);
const exif = {
  IFD0: { Make: 'MayAnhCuaToi', Model: 'M1', Artist: 'Nguyen Van A' },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '21/1 2/1 6/1',
    GPSLongitudeRef: 'E',
    GPSLongitude: '105/1 49/1 48/1',
  },
};
const jpeg = await drawn().withExif(exif).jpeg().toBuffer();
const png = await drawn().png().toBuffer();
const webp = await drawn().webp().toBuffer();
const pdf = Buffer.from(
  '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n',
);

function pngChunk(kind: string, body: Buffer): Buffer {
  const crcTable = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const named = Buffer.concat([Buffer.from(kind), body]);
  let crc = 0xffffffff;
  for (const byte of named) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  const out = Buffer.alloc(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 8 + body.length);
  return out;
}
function pngOf(width: number, height: number, pixels: Buffer, ...extra: Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const ihdr = pngChunk('IHDR', header);
  return Buffer.concat([
    signature,
    ihdr,
    ...extra,
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('a picture', () => {
  test('is kept without its place, camera and maker', async () => {
    expect(jpeg.includes('MayAnhCuaToi')).toBe(true);
    expect((await sharp(jpeg).metadata()).exif).toBeDefined();
    const { bytes, ref, meta } = await kept(jpeg);
    const after = await sharp(bytes).metadata();
    expect([after.exif, after.xmp, after.iptc]).toEqual([undefined, undefined, undefined]);
    expect(bytes.includes('MayAnhCuaToi')).toBe(false);
    expect(bytes.includes('Nguyen Van A')).toBe(false);
    expect(FileRef.parse(ref)).toEqual(ref);
    expect(meta).toEqual({ ...ref, at: 5, owner: 'web:1' });
    expect(ref).toMatchObject({ name: 'rác đầu ngõ.jpg', type: 'image/jpeg', size: bytes.length });
  });

  test('is turned upright as its camera meant it', async () => {
    const sideways = await drawn().withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
    const { bytes } = await kept(sideways);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([20, 40]);
    expect(data[0]).toBeGreaterThan(200);
    expect(data[data.length - info.channels]).toBeLessThan(60);
  });

  test.each([
    ['PNG', png, 'image/png'],
    ['WebP', webp, 'image/webp'],
  ] as const)('may be a %s, and stays one', async (_, bytes, type) => {
    const result = await kept(bytes);
    expect(result.ref.type).toBe(type);
    expect(await sharp(result.bytes).metadata()).toMatchObject({ width: 40, height: 20 });
  });

  test('named as something else gets the name of what it is', async () => {
    expect((await kept(png, 'don.pdf')).ref.name).toBe('don.png');
    expect((await kept(jpeg, 'C:\\may\\ảnh.JPEG')).ref.name).toBe('ảnh.JPEG');
    expect((await kept(jpeg, '../../etc/passwd')).ref.name).toBe('passwd.jpg');
    expect((await kept(jpeg, 'a\u202Egpj.exe')).ref.name).toBe('agpj.jpg');
    expect((await kept(jpeg, '\0\n')).ref.name).toBe('anh.jpg');
    expect((await kept(jpeg, '.jpg')).ref.name).toBe('anh.jpg');
    expect((await kept(jpeg, `${'😀'.repeat(400)}.jpg`)).ref.name.length).toBeLessThanOrEqual(200);
  });

  test('with something behind its end is kept without that', async () => {
    const { bytes } = await kept(Buffer.concat([jpeg, Buffer.from('<script>alert(1)</script>PK\x05\x06')]));
    expect(bytes.includes('<script>')).toBe(false);
    expect(bytes.includes('PK\x05\x06')).toBe(false);
  });

  test('has one id per content and owner', async () => {
    const [first, again, other] = [
      await kept(jpeg),
      await kept(jpeg, 'khác.jpg'),
      await kept(jpeg, 'a.jpg', 'web:2'),
    ];
    expect(again.ref.id).toBe(first.ref.id);
    expect(other.ref.id).not.toBe(first.ref.id);
  });

  test('of more than 50 megapixels is refused from its header, without being unpacked', async () => {
    // 60,000 × 60,000 grey pixels would take 3.6 GB.
    const bomb = pngOf(60_000, 60_000, deflateSync(Buffer.alloc(1_000)));
    const before = process.memoryUsage().rss;
    const started = performance.now();
    expect(await refusal(bomb)).toBe('too-large');
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  test('of just under 50 megapixels is kept', async () => {
    const big = await sharp({ create: { width: 7_000, height: 7_000, channels: 3, background: '#abc' } })
      .jpeg()
      .toBuffer();
    expect((await kept(big)).ref.size).toBeGreaterThan(1_000);
  }, 30_000);

  test('that ends too soon is refused', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const photo = sharp({ create: { width: 300, height: 300, channels: 3, background: '#fff', noise } });
    for (const whole of [
      await photo.clone().jpeg().toBuffer(),
      await photo.clone().png().toBuffer(),
      await photo.clone().webp().toBuffer(),
    ]) {
      expect(await refusal(whole.subarray(0, whole.length >> 1))).toBe('wrong-type');
      expect(await refusal(whole.subarray(0, 40))).toBe('wrong-type');
    }
  });

  test('that moves is refused', async () => {
    const frames = await Promise.all(
      ['#f00', '#0f0'].map((background) =>
        sharp({ create: { width: 9, height: 9, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const moving = sharp(frames, { join: { animated: true } });
    expect(
      await refusal(
        await moving
          .clone()
          .webp({ loop: 0, delay: [100, 100] })
          .toBuffer(),
      ),
    ).toBe('wrong-type');
    expect(await refusal(await moving.clone().gif().toBuffer())).toBe('wrong-type');
    const animation = Buffer.alloc(8);
    animation.writeUInt32BE(2, 0);
    const pixels = deflateSync(Buffer.alloc(9 * 10));
    expect(await refusal(pngOf(9, 9, pixels, pngChunk('acTL', animation)))).toBe('wrong-type');
  });
});

describe('a PDF', () => {
  test('is kept as it is', async () => {
    const { bytes, ref } = await kept(pdf, 'đơn.pdf');
    expect(bytes.equals(pdf)).toBe(true);
    expect(ref).toMatchObject({ name: 'đơn.pdf', type: 'application/pdf' });
  });

  test('without its end is refused', async () => {
    expect(await refusal(pdf.subarray(0, 30))).toBe('wrong-type');
  });

  test('that is a zip or a page as well is refused', async () => {
    const body = deflateRawSync('x');
    const record = Buffer.alloc(22);
    record.writeUInt32LE(0x06054b50, 0);
    expect(await refusal(Buffer.concat([pdf, body, record]))).toBe('wrong-type');
    const comment = Buffer.from('\n%%EOF\n');
    record.writeUInt16LE(comment.length, 20);
    expect(await refusal(Buffer.concat([pdf, record, comment]))).toBe('wrong-type');
    expect(await refusal(Buffer.concat([pdf, Buffer.from('<html><script>')]))).toBe('wrong-type');
  });
});

test('anything else is refused by its content, whatever its name', async () => {
  const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const others = [
    Buffer.alloc(0),
    Buffer.from('xin chào'),
    Buffer.from(svg),
    Buffer.from('GIF89a'),
    Buffer.from('PK\x03\x04'),
    Buffer.from([0xff, 0xd8, 0xff]),
    png.subarray(0, 8),
    readFileSync(process.execPath).subarray(0, 1_000),
    await drawn().tiff().toBuffer(),
    await drawn().avif().toBuffer(),
  ];
  for (const bytes of others) expect(await refusal(bytes)).toBe('wrong-type');
});

test('more than 10 MB is refused, whatever it is', async () => {
  const padded = Buffer.concat([jpeg, Buffer.alloc(MAX_FILE_BYTES)]);
  expect(await refusal(padded)).toBe('too-large');
  expect(await refusal(padded.subarray(0, MAX_FILE_BYTES + 1))).toBe('too-large');
  expect(await refusal(padded.subarray(0, MAX_FILE_BYTES))).toBe('kept');
});

test('broken bytes never throw', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(jpeg, png, webp, pdf),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 30 }),
      fc.nat(),
      fc.string({ unit: 'binary' }),
      async (whole, changes, cut, name) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const result = await keep(bytes.subarray(0, cut % (bytes.length + 1)), name);
        if (result.ok) FileRef.parse(result.value);
        else expect(['wrong-type', 'too-large']).toContain(result.problems[0]?.code);
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

test('the wordings name the limit that is kept', () => {
  for (const file of ['vi/he-thong', 'vi/web', 'en/he-thong', 'en/web']) {
    const named = readFileSync(`locales/${file}.yml`, 'utf8').match(/\d+ MB/g);
    expect(named, file).toEqual([`${MAX_FILE_BYTES / 1_048_576} MB`]);
  }
});

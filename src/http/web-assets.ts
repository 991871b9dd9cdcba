// The browser programs: builds them when their sources changed, and serves the result from memory with the best
// encoding each browser takes. Hides Vite and dist/web; knows no page.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type RequestHandler, Router } from 'express';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const SOURCES = join(ROOT, 'src/web');
const BUILT = join(ROOT, 'dist/web');
const STAMP = 'built-from.txt';

/** Digest of everything the build reads; undefined where the sources were not shipped. */
async function sourcesDigest(): Promise<string | undefined> {
  if (!existsSync(SOURCES)) return undefined;
  const hash = createHash('sha256');
  for (const file of [...(await filesIn(SOURCES)), join(ROOT, 'vite.config.ts')].sort())
    hash.update(relative(ROOT, file)).update(await readFile(file));
  return hash.digest('hex');
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
}

/** Makes sure dist/web holds the build of the present sources. Throws when there is none and none can be made. */
export async function ensureWeb(): Promise<void> {
  const wanted = await sourcesDigest();
  const present = await readFile(join(BUILT, STAMP), 'utf8').catch(() => undefined);
  if (present !== undefined && (wanted === undefined || present === wanted)) return;
  const { build } = await import('vite');
  // Built aside and swapped in whole, so that a server starting at the same time never reads half a build.
  const aside = `${BUILT}-${process.pid}-${Date.now()}`;
  await build({
    root: SOURCES,
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: aside },
  });
  await writeFile(join(aside, STAMP), wanted ?? '');
  await mkdir(dirname(BUILT), { recursive: true });
  const old = `${aside}-old`;
  await rename(BUILT, old).catch(() => undefined);
  // Someone else was as quick: their build is of the same sources.
  await rename(aside, BUILT).catch(() => rm(aside, { recursive: true, force: true }));
  await rm(old, { recursive: true, force: true });
}

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

interface Asset {
  type: string;
  raw: Buffer;
  br?: Buffer;
  gzip?: Buffer;
  etag: string;
  hashed: boolean;
}

export interface WebAssets {
  router: Router;
  /** Addresses of the program and the style of an entry of vite.config.ts. */
  entry(name: string): { script: string; styles: string[] };
}

/** Reads the build into memory, encoded once. */
export async function webAssets(): Promise<WebAssets> {
  const manifest = JSON.parse(await readFile(join(BUILT, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    { file: string; css?: string[]; name?: string; isEntry?: boolean }
  >;
  const assets = new Map<string, Asset>();
  for (const file of await filesIn(BUILT)) {
    const type = TYPES[extname(file)];
    if (!type) continue;
    const path = `/${relative(BUILT, file).replaceAll('\\', '/')}`;
    assets.set(path, await encode(await readFile(file), type, path.startsWith('/assets/')));
  }
  return { router: serve(assets), entry: (name) => entryOf(manifest, name) };
}

function entryOf(manifest: Record<string, { file: string; css?: string[]; name?: string }>, name: string) {
  const found = Object.values(manifest).find((e) => e.name === name);
  if (!found) throw new Error(`dist/web thiếu phần "${name}"; hãy xóa thư mục dist/web rồi khởi động lại.`);
  const styles = found.file.endsWith('.css') ? [found.file] : (found.css ?? []);
  return { script: `/${found.file}`, styles: styles.map((f) => `/${f}`) };
}

async function encode(raw: Buffer, type: string, hashed: boolean): Promise<Asset> {
  const asset: Asset = {
    type,
    raw,
    hashed,
    etag: `"${createHash('sha256').update(raw).digest('hex').slice(0, 20)}"`,
  };
  if (type === 'image/png') return asset;
  asset.br = await promisify(brotliCompress)(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  asset.gzip = await promisify(gzip)(raw, { level: 9 });
  return asset;
}

function serve(assets: Map<string, Asset>): Router {
  const send: RequestHandler = (req, res, next) => {
    const asset = assets.get(req.path);
    if (!asset || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
    res.set({
      'Content-Type': asset.type,
      'Cache-Control': asset.hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
      ETag: asset.etag,
      Vary: 'Accept-Encoding',
      // The launcher is loaded by agencies' pages.
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    if (req.get('If-None-Match') === asset.etag) {
      res.status(304).end();
      return;
    }
    const encoding = req.acceptsEncodings(['br', 'gzip']);
    const body = (encoding === 'br' && asset.br) || (encoding === 'gzip' && asset.gzip) || asset.raw;
    if (body !== asset.raw) res.set('Content-Encoding', String(encoding));
    res.set('Content-Length', String(body.length));
    res.end(req.method === 'HEAD' ? undefined : body);
  };
  const router = Router();
  router.use(send);
  return router;
}

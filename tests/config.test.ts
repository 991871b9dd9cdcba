import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../src/cli/open-files.ts';
import { describeSettings, loadConfig } from '../src/config.ts';

describe('settings', () => {
  it('need none', () => {
    const c = loadConfig({});
    expect(c.ok && c.value).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      dataDir: './data',
      mongodbUri: '',
      officialChannel: false,
    });
  });

  it('report every fault at once, by name', () => {
    const c = loadConfig({
      PORT: 'tám mươi',
      MONGODB_URI: 'postgres://x',
      TELEGRAM_BOT_TOKEN: 'abc',
      OFFICIAL_CHANNEL: 'co',
    });
    expect(c.ok ? [] : c.problems.map((p) => p.where)).toEqual([
      'PORT',
      'MONGODB_URI',
      'TELEGRAM_BOT_TOKEN',
      'OFFICIAL_CHANNEL',
    ]);
  });

  it('.env.example is what `npm run env` writes', () => {
    expect(readFileSync(join(ROOT, '.env.example'), 'utf8')).toBe(describeSettings());
  });
});

// Real Chromium for the browser suites: CHROMIUM_PATH, or where Linux puts it. Says in one line what is skipped when
// there is none; under REQUIRE_ALL=1 that is a failure.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const chromiumPath: string | undefined = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
].find((path) => path !== undefined && existsSync(path));

if (!chromiumPath) {
  if (process.env.REQUIRE_ALL === '1') throw new Error('browser suites: no Chromium (set CHROMIUM_PATH)');
  console.warn('browser suites skipped: no Chromium found (set CHROMIUM_PATH)');
}

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath as string, args: ARGS });

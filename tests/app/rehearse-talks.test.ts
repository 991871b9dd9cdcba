// The last gate of a release: a gate with nothing to judge is shut, not open.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { rehearseTalks } from '../../src/cli/rehearse-talks.ts';
import { tiny } from './tiny.ts';

const root = mkdtempSync(join(tmpdir(), 'motcua-talks-'));
const folder = join(root, 'tests/conversations');
const { content, reader } = tiny();
const rehearse = () => rehearseTalks(content, reader, root);

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the rehearsal of a release', () => {
  it('finds fault with a folder that has no talk, as an image shipped without them has', async () => {
    expect(await rehearse()).toEqual([expect.stringContaining('không có cuộc thoại nào')]);
  });

  it('names a talk that cannot be read, and one that goes otherwise', async () => {
    writeFileSync(join(folder, 'a.chat'), '# Hỏng\n@ kênh telegram, 09:00 06/01/2026\nai đó: xin chào\n');
    writeFileSync(
      join(folder, 'b.chat'),
      '# Khác\n@ kênh telegram, 09:00 06/01/2026\ndân: đèn đường hỏng\nbot [khong-co]: Chào.\n',
    );
    const faults = await rehearse();
    expect(faults[0]).toMatch(/^tests\/conversations\/a\.chat:3: /);
    expect(faults[1]).toMatch(/^tests\/conversations\/b\.chat:/);
  });
});

// The terminal chat as outside tools and people start it: a talk from a file or from stdin, and lines typed by hand.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { command, killAll, start } from '../processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'motcua-chat-'));
const env = { DATA_DIR: join(folder, 'data') };
afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true, force: true });
});

// Every kind of line that a talk may hold.
const TALK = `# Mọi loại dòng
@ kênh web, 09:00 06/01/2026
dân: rác chất đống đầu ngõ nhà tôi ba hôm nay không ai dọn
dân: [vị trí 21.033,105.85]
dân: ngõ 12 phố Đội Cấn, phường Ba Đình
dân: (sửa) ngõ 14 phố Đội Cấn, phường Ba Đình
dân: [ảnh rac.jpg]
dân: (gửi lại)
dân: Đúng, gửi đi
cán bộ (ubnd-ba-dinh): nhận {mã}
cán bộ (ubnd-ba-dinh): trả lời {mã} "Việc {mã} đã xong: tổ vệ sinh dọn sáng nay."
dân: Đã xong
@ kênh telegram, 10:00 06/01/2026
dân: đăng ký tạm trú hết bao nhiêu tiền
dân: đăng ký thường trú nộp ở đâu
dân: (liền) cảm ơn
`;
const spoken = TALK.trimEnd().split('\n');
const isScript = (line: string) => /^(# |@ |dân:|cán bộ \()/.test(line);

describe('npm run chat -- --play', () => {
  it('prints the talk whole, with what the bot and the system did after each line', async () => {
    const file = join(folder, 'moi-loai.chat');
    writeFileSync(file, TALK);
    const { code, out, err } = await command('src/cli/chat.ts', ['--play', file], env);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.trimEnd().split('\n');
    // The script is all there, in order, untouched.
    expect(lines.filter(isScript)).toEqual(spoken);
    /** What was printed between a line of the script and the next. */
    const after = (n: number): string => {
      const from = lines.indexOf(spoken[n]!);
      const next = lines.findIndex((l, i) => i > from && isScript(l));
      return lines.slice(from + 1, next < 0 ? undefined : next).join('\n');
    };
    const at = (line: string): number => spoken.indexOf(line);
    expect(after(at('dân: [ảnh rac.jpg]'))).toMatch(
      /^bot \[gui\.duyet\]: [\s\S]*ngõ 14 phố[\s\S]*Ảnh: 1 tệp[\s\S]*\* Đúng, gửi đi/,
    );
    expect(after(at('dân: (gửi lại)')), 'a repeat is not answered again').toBe('');
    expect(after(at('dân: Đúng, gửi đi'))).toMatch(
      /^bot \[gui\.xong[\s\S]*\nhệ thống: lập hồ sơ \{mã\} → UBND phường Ba Đình/,
    );
    const code9 = /mã ([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3})/.exec(out)![1]!;
    const reply = spoken.findIndex((l) => l.includes('trả lời {mã}'));
    expect(after(reply)).toContain(`Việc ${code9} đã xong: tổ vệ sinh dọn sáng nay.`);
    expect(after(reply)).not.toContain('{mã}');
    expect(after(at('dân: Đã xong'))).toContain('hệ thống: {mã} đã giải quyết');
    // The new channel is a new sender: greeted.
    expect(after(at('dân: đăng ký tạm trú hết bao nhiêu tiền'))).toContain('chao-dau');
    expect(after(at('dân: đăng ký thường trú nộp ở đâu')), 'two sent at once: one burst').toBe('');
    expect(after(at('dân: (liền) cảm ơn'))).toMatch(/thường trú[\s\S]*\nbot \[/i);

    const piped = await command('src/cli/chat.ts', ['--play', '-'], env, TALK);
    expect({ code: piped.code, err: piped.err }).toEqual({ code: 0, err: '' });
    expect(piped.out, '- is stdin, and a talk plays the same every time').toBe(out);
  }, 120_000);

  it('says where a talk is wrong and plays nothing of it', async () => {
    const { code, out, err } = await command(
      'src/cli/chat.ts',
      ['--play', '-'],
      env,
      '# Sai\ndân: chào\nbot: gì\n',
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^-:3: /);
    const absent = await command('src/cli/chat.ts', ['--play', join(folder, 'khong-co.chat')], env);
    expect(absent).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^Không đọc được tệp .*khong-co\.chat\.\n$/),
    });
  }, 60_000);
});

describe('npm run chat', () => {
  it('greets, answers a typed line and a number, and ends with its input', async () => {
    const chat = start('src/cli/chat.ts', [], env);
    await chat.until(/trợ lý tự động/, 120_000);
    chat.type('đăng ký khai sinh cần giấy tờ gì');
    await chat.until(/1\. Đều là công dân Việt Nam/);
    // A number presses that button.
    chat.type('1');
    await chat.until(/Bé sinh ở đâu/);
    expect(await chat.end('input')).toBe(0);
  }, 180_000);
});

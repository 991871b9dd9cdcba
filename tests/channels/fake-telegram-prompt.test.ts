// `npm run fake-telegram`: a person at its prompt and a bot at its Bot API, each seeing what the other says.
import { afterAll, expect, it } from 'vitest';
import { killAll, start } from '../processes.ts';

afterAll(killAll);

it('hands what is typed to the bot, shows what the bot says with its buttons, presses them, and ends', async () => {
  const prompt = start('tests/channels/fake-telegram/prompt.ts', ['0'], {});
  const [, token, root] = await prompt.until(/TELEGRAM_BOT_TOKEN=(\S+) TELEGRAM_API_ROOT=(\S+)/);
  const call = async (method: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${root}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    return ((await answer.json()) as { result: unknown }).result;
  };
  type Update = {
    update_id: number;
    message?: { text: string; chat: { id: number } };
    callback_query?: { data: string };
  };
  const next = async (offset: number) =>
    ((await call('getUpdates', { offset, timeout: 20 })) as Update[]).at(0)!;

  prompt.type('xin chào');
  const said = await next(0);
  expect(said.message).toMatchObject({ text: 'xin chào', chat: { id: 7 } });
  const keyboard = [[{ text: 'Hỏi thủ tục', callback_data: 'hoi' }]];
  await call('sendMessage', {
    chat_id: 7,
    text: 'Chào anh/chị.',
    reply_markup: { inline_keyboard: keyboard },
  });
  await prompt.until(/Chào anh\/chị\.\n {2}\[1\] Hỏi thủ tục/);
  prompt.type('/press 1');
  expect((await next(said.update_id + 1)).callback_query).toMatchObject({ data: 'hoi' });
  prompt.type('/press 5');
  await prompt.until(/no button 5/);
  prompt.type('/quit');
  expect(await prompt.end('input')).toBe(0);
}, 90_000);

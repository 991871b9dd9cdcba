// The whole chat frame: header, log, choices, composer. Hides how it looks; the client knows the line.
import type { JSX } from 'preact';
import { Fragment } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Choice, Shown } from './activities.ts';
import { Client, type View } from './client.ts';
import { Composer } from './composer.tsx';
import { Choices, Message } from './message.tsx';
import { day, isoDay, settings, t } from './texts.ts';

/** Buttons still open: those of entries after the citizen's last word. */
function openChoices(messages: Shown[]): { of: Shown; choices: Choice[] }[] {
  const last = messages.findLastIndex((m) => m.from === 'citizen');
  return messages.slice(last + 1).flatMap((m) => (m.choices?.length ? [{ of: m, choices: m.choices }] : []));
}

/** The frame tells the launcher around it; there is nothing to keep from whoever that is. */
const close = () => parent.postMessage('motcua:close', '*');

export function Chat(): JSX.Element {
  const [view, setView] = useState<View>({ line: 'connecting', messages: [], typing: false });
  const [client] = useState(() => new Client(setView));
  const [below, setBelow] = useState(false);
  const [menu, setMenu] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const ask = useRef<HTMLDialogElement>(null);
  const options = useRef<HTMLButtonElement>(null);
  const anew = useRef<HTMLButtonElement>(null);
  const atEnd = useRef(true);
  const { line, messages, typing } = view;

  useEffect(() => {
    client.start();
    // Questions offered by the page around the chat.
    const offered = (e: MouseEvent) => {
      const link = (e.target as Element).closest<HTMLElement>('[data-ask]');
      if (!link?.dataset.ask) return;
      e.preventDefault();
      client.say(link.dataset.ask);
      log.current?.focus({ preventScroll: true });
    };
    document.addEventListener('click', offered);
    return () => document.removeEventListener('click', offered);
  }, []);

  useEffect(() => {
    const onEscape = (e: KeyboardEvent) => {
      if (e.key !== 'Escape' || ask.current?.open) return;
      if (menu) {
        setMenu(false);
        options.current?.focus();
      } else if (settings.mode === 'embed') close();
    };
    const onPress = (e: Event) => {
      if (menu && !(e.target as Element).closest('.menu, .tools')) setMenu(false);
    };
    document.addEventListener('keydown', onEscape);
    document.addEventListener('pointerdown', onPress);
    return () => {
      document.removeEventListener('keydown', onEscape);
      document.removeEventListener('pointerdown', onPress);
    };
  }, [menu]);

  const lastKey = messages.at(-1)?.key;
  const lastFrom = messages.at(-1)?.from;
  useLayoutEffect(() => {
    const box = log.current;
    if (!box) return;
    const newest = box.querySelectorAll<HTMLElement>('.said').item(messages.length - 1);
    if (!atEnd.current && lastFrom !== 'citizen') setBelow(true);
    // A long answer is read from its beginning.
    else if (newest && lastFrom !== 'citizen') box.scrollTop = newest.offsetTop - box.offsetTop - 12;
    else box.scrollTop = box.scrollHeight;
    if (document.hidden && lastFrom !== 'citizen')
      document.title = `(1) ${document.title.replace(/^\(1\) /, '')}`;
  }, [lastKey, typing, messages.length]);
  useEffect(() => {
    const seen = () => {
      if (!document.hidden) document.title = document.title.replace(/^\(1\) /, '');
    };
    document.addEventListener('visibilitychange', seen);
    // The keyboard of a phone shrinks the frame: the last words stay in sight.
    const resized = new ResizeObserver(() => {
      if (atEnd.current && log.current) log.current.scrollTop = log.current.scrollHeight;
    });
    if (log.current) resized.observe(log.current);
    return () => {
      document.removeEventListener('visibilitychange', seen);
      resized.disconnect();
    };
  }, [line === 'ended']);

  const press = (c: Choice, of: Shown) => {
    client.say(c.label, { choice: c.id ?? '', n: of.n });
    // The button is gone: the next Tab goes to the next buttons, and no keyboard jumps up on a phone.
    log.current?.focus({ preventScroll: true });
  };
  const first = new URLSearchParams(location.search).get('hoi') ?? '';
  const Heading = settings.mode === 'panel' ? 'h2' : 'h1';
  const ended = line === 'ended';

  return (
    <div class="frame">
      <header class="head">
        <Fan />
        {settings.mode !== 'panel' && (
          <a
            class="mark"
            href="/"
            target={settings.mode === 'embed' ? '_blank' : undefined}
            aria-label={t('title')}
          >
            <Mark />
          </a>
        )}
        <div class="title">
          <Heading>{t('title')}</Heading>
          <p>
            <i class={`dot ${line}`} />
            {t('subtitle')}
          </p>
        </div>
        <div class="tools">
          <button
            ref={options}
            type="button"
            class="icon"
            aria-label={t('menu')}
            aria-expanded={menu}
            onClick={() => setMenu(!menu)}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 5.5v.01M12 12v.01M12 18.5v.01" />
            </svg>
          </button>
          {settings.mode === 'embed' && (
            <button type="button" class="icon" aria-label={t('close')} onClick={close}>
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M6 6l12 12M18 6 6 18" />
              </svg>
            </button>
          )}
        </div>
        {menu && (
          <div class="menu">
            {settings.mode !== 'page' && (
              <a href={settings.lang === 'en' ? '/chat?lang=en' : '/chat'} target="_blank" rel="noopener">
                {t('full')}
              </a>
            )}
            <button
              type="button"
              onClick={() => {
                setMenu(false);
                ask.current?.showModal();
              }}
            >
              {t('end')}
            </button>
          </div>
        )}
      </header>
      <p class={`line ${line}`} role="status">
        {line === 'lost' ? t('lost') : line === 'connecting' && messages.length > 0 ? t('connecting') : ''}
      </p>
      {ended ? (
        <div class="over">
          <p role="status">{t('ended')}</p>
          <button ref={anew} type="button" class="button" onClick={() => client.start()}>
            {t('again')}
          </button>
        </div>
      ) : (
        <>
          <div
            ref={log}
            class="log"
            role="log"
            aria-live="polite"
            aria-busy={line === 'connecting' && messages.length === 0}
            aria-label={t('log')}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (axe: scrollable-region-focusable)
            tabIndex={0}
            onScroll={(e) => {
              const box = e.currentTarget;
              atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
              if (atEnd.current) setBelow(false);
            }}
          >
            {messages.map((m, i) => {
              const before = messages[i - 1];
              const newDay = !before || isoDay(before.at) !== isoDay(m.at);
              return (
                <Fragment key={m.key}>
                  {newDay && (
                    <p class="day">
                      <time dateTime={isoDay(m.at)}>{day(m.at)}</time>
                    </p>
                  )}
                  <Message
                    message={m}
                    follows={!newDay && before?.from === m.from}
                    retry={(key) => client.retry(key)}
                    drop={(key) => client.drop(key)}
                  />
                </Fragment>
              );
            })}
            {typing && (
              <p class="typing" aria-hidden="true">
                <i />
                <i />
                <i />
              </p>
            )}
            {openChoices(messages).map(({ of, choices }) => (
              <Choices key={of.key} choices={choices} press={(c) => press(c, of)} />
            ))}
          </div>
          {below && (
            <button
              type="button"
              class="below"
              onClick={() => log.current?.scrollTo({ top: log.current.scrollHeight, behavior: 'auto' })}
            >
              {t('new-below')} ↓
            </button>
          )}
          <Composer
            say={(s) => client.say(s)}
            send={(s, f) => client.send(s, f)}
            pin={(place) => client.pin(place)}
            field={field}
            first={first}
          />
        </>
      )}
      <dialog
        ref={ask}
        aria-labelledby="end-title"
        // The menu item that opened it is gone by now.
        onClose={() => (anew.current ?? options.current)?.focus()}
      >
        <h2 id="end-title">{t('end-title')}</h2>
        <p>{t('end-text')}</p>
        <form method="dialog">
          <button
            type="submit"
            class="button"
            onClick={() => {
              client.end();
            }}
          >
            {t('end-yes')}
          </button>
          <button type="submit" class="button quiet">
            {t('end-no')}
          </button>
        </form>
      </dialog>
    </div>
  );
}

const Mark = () => (
  <svg viewBox="0 0 48 48" aria-hidden="true">
    <rect width="48" height="48" rx="11" fill="#e9b94f" />
    <path d="M12 42V22a12 12 0 0 1 24 0v20z" fill="#123a2f" />
    <path d="M21 42V27h6v15z" fill="#fff3d0" />
  </svg>
);

const Fan = () => (
  <svg class="fan" viewBox="0 0 400 120" preserveAspectRatio="none" aria-hidden="true">
    <path d="M200 120 20 60M200 120 62 22M200 120 128 2M200 120V-4M200 120 272 2M200 120 338 22M200 120 380 60" />
    <path class="hub" d="M92 121a108 74 0 0 1 216 0" />
  </svg>
);

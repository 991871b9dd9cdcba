// One message as it is seen. Text stays text: links and codes are found in it, nothing in it is ever markup.
import type { JSX } from 'preact';
import type { Choice, Shown } from './activities.ts';
import { hour, t } from './texts.ts';

const SPECIAL =
  /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'’”]|\b[0-9AHKMQRTXY]{3}-[0-9AHKMQRTXY]{3}-[0-9AHKMQRTXY]{3}\b)/g;

function Words({ text }: { text: string }): JSX.Element {
  const parts = text.split(SPECIAL);
  return (
    <>
      {parts.map((part, i) =>
        i % 2 === 0 ? (
          part
        ) : part.startsWith('http') ? (
          <a key={i} href={part} target="_blank" rel="noopener noreferrer">
            {part}
          </a>
        ) : (
          <b key={i} class="code">
            {part}
          </b>
        ),
      )}
    </>
  );
}

function Files({ message }: { message: Shown }): JSX.Element {
  return (
    <>
      {message.files?.map((f) =>
        f.type.startsWith('image/') ? (
          <a key={f.url} class="photo" href={f.url} target="_blank" rel="noopener">
            <img src={f.url} alt={t('photo', { name: f.name })} />
          </a>
        ) : (
          <a key={f.url} class="file" href={f.url} target="_blank" rel="noopener">
            {t('file', { name: f.name })}
          </a>
        ),
      )}
    </>
  );
}

const WHO = { citizen: 'you', bot: 'bot', officer: 'officer' };
const STATE = { sending: 'sending', waiting: 'waiting', failed: 'failed' };

interface Props {
  message: Shown;
  /** Same speaker as the one before. */
  follows: boolean;
  retry: (key: string) => void;
  drop: (key: string) => void;
}

export function Message({ message: m, follows, retry, drop }: Props): JSX.Element {
  const empty = m.from === 'citizen' && !m.withdrawn && !m.text && !m.files?.length && !m.place;
  const uploading = m.state === 'sending' && m.percent !== undefined && m.percent < 100;
  return (
    <article class={`said ${m.from}${follows ? ' follows' : ''}${m.state ? ` ${m.state}` : ''}`}>
      <p class={`who${m.from === 'officer' && !follows ? '' : ' unseen'}`}>{t(WHO[m.from])}</p>
      <div class="bubble">
        <Files message={m} />
        {m.withdrawn || empty ? (
          <p class="gone">{t(empty ? 'not-taken' : 'withdrawn')}</p>
        ) : (
          m.text.split(/\n{2,}/).map(
            (paragraph, i) =>
              paragraph && (
                <p key={i} class="text">
                  <Words text={paragraph} />
                </p>
              ),
          )
        )}
        {m.place && (
          <a
            href={`https://www.openstreetmap.org/?mlat=${m.place.lat}&mlon=${m.place.lon}#map=18/${m.place.lat}/${m.place.lon}`}
            target="_blank"
            rel="noopener noreferrer"
          >
            {t('location')}
          </a>
        )}
        {uploading && (
          <progress max="100" value={m.percent} aria-label={t('uploading', { percent: m.percent ?? 0 })} />
        )}
      </div>
      <p class="when">
        {m.state ? (
          t(uploading ? 'uploading' : STATE[m.state], { percent: m.percent ?? 0 })
        ) : (
          <time dateTime={new Date(m.at).toISOString()}>{hour(m.at)}</time>
        )}
        {m.state === 'failed' && (
          <>
            {m.problem && settingsText(m.problem)}
            <button type="button" onClick={() => retry(m.key)}>
              {t('retry')}
            </button>
            <button type="button" onClick={() => drop(m.key)}>
              {t('drop')}
            </button>
          </>
        )}
      </p>
    </article>
  );
}

const settingsText = (code: string) => {
  const text = t(`problem-${code}`);
  return text.startsWith('problem-') ? '' : ` ${text} `;
};

interface ChoicesProps {
  choices: Choice[];
  press: (choice: Choice) => void;
}

export function Choices({ choices, press }: ChoicesProps): JSX.Element {
  return (
    <ul
      class={`choices${choices.every((c) => c.label.length < 16) ? ' short' : ''}`}
      aria-label={t('choices')}
    >
      {choices.map((c) => (
        <li key={c.id ?? c.url}>
          {c.url === undefined ? (
            <button type="button" class="button quiet" onClick={() => press(c)}>
              {c.label}
            </button>
          ) : (
            <a class="button quiet" href={c.url} target="_blank" rel="noopener">
              {c.label} <span aria-hidden="true">↗</span>
              <span class="unseen">({t('opens')})</span>
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

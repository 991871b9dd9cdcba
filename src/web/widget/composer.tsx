// Where the citizen writes. Enter sends on keyboards, never in the middle of composing a Vietnamese syllable.
import type { JSX, RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { settings, t } from './texts.ts';

const MAX_TEXT = 20_000;
const MAX_FILES = 5;
const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'];

interface Props {
  say: (text: string) => void;
  send: (text: string, files: File[]) => void;
  pin: (place: { lat: number; lon: number }) => void;
  field: RefObject<HTMLTextAreaElement | null>;
  first: string;
}

export function Composer({ say, send, pin, field, first }: Props): JSX.Element {
  const [text, setText] = useState(first);
  const [files, setFiles] = useState<File[]>([]);
  const [wrong, setWrong] = useState('');
  const picker = useRef<HTMLInputElement>(null);

  // Grows with what is written, where the browser does not by itself.
  useEffect(() => {
    const f = field.current;
    if (!f || CSS.supports('field-sizing', 'content')) return;
    f.style.height = 'auto';
    f.style.height = `${Math.min(f.scrollHeight, 160)}px`;
  }, [text]);

  const add = (chosen: Iterable<File>) => {
    const good: File[] = [];
    let complaint = '';
    for (const f of chosen) {
      if (!TYPES.includes(f.type)) complaint = t('file-wrong', { name: f.name });
      else if (f.size > settings.maxFileBytes) complaint = t('file-too-large', { name: f.name });
      else good.push(f);
    }
    const all = [...files, ...good];
    if (all.length > MAX_FILES) complaint = t('file-too-many');
    setWrong(complaint);
    setFiles(all.slice(0, MAX_FILES));
  };

  const submit = (e: Event) => {
    e.preventDefault();
    const words = text.trim();
    if (words.length > MAX_TEXT)
      return setWrong(t('too-long', { length: words.length.toLocaleString('vi-VN') }));
    if (files.length > 0) send(words, files);
    else if (words) say(words);
    else return;
    setText('');
    setFiles([]);
    setWrong('');
    field.current?.focus();
  };

  const locate = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => pin({ lat: coords.latitude, lon: coords.longitude }),
      () => setWrong(t('location-failed')),
      { enableHighAccuracy: true, timeout: 15_000 },
    );

  const key = (e: KeyboardEvent) => {
    // 229: the input method is still composing, whatever the event calls it.
    const composing = e.isComposing || e.keyCode === 229;
    if (e.key !== 'Enter' || e.shiftKey || composing || matchMedia('(pointer: coarse)').matches) return;
    submit(e);
  };

  return (
    <form
      class="composer"
      onSubmit={submit}
      onPaste={(e: ClipboardEvent) => {
        const pasted = [...(e.clipboardData?.files ?? [])];
        if (pasted.length > 0) {
          e.preventDefault();
          add(pasted);
        }
      }}
    >
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      {files.length > 0 && (
        <ul class="chosen">
          {files.map((f) => (
            <li key={f.name + f.size}>
              <span>{f.name}</span>
              <button
                type="button"
                aria-label={t('remove-file', { name: f.name })}
                onClick={() => {
                  setFiles(files.filter((other) => other !== f));
                  field.current?.focus();
                }}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="row">
        <button
          type="button"
          class="icon"
          aria-label={t('attach')}
          title={t('attach')}
          onClick={() => picker.current?.click()}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 8h4l2-3h4l2 3h4v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z" />
          </svg>
        </button>
        {isSecureContext && navigator.geolocation && (
          <button
            type="button"
            class="icon"
            aria-label={t('send-location')}
            title={t('send-location')}
            onClick={locate}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 21c5-5.5 7-8.5 7-11a7 7 0 0 0-14 0c0 2.5 2 5.5 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z" />
            </svg>
          </button>
        )}
        <input
          ref={picker}
          type="file"
          hidden
          multiple
          accept={TYPES.join()}
          onChange={(e) => {
            add(e.currentTarget.files ?? []);
            e.currentTarget.value = '';
            field.current?.focus();
          }}
        />
        <textarea
          ref={field}
          class="written"
          rows={1}
          value={text}
          aria-label={t('input')}
          placeholder={t('placeholder')}
          enterkeyhint="send"
          onInput={(e) => setText(e.currentTarget.value)}
          onKeyDown={key}
        />
        <button type="submit" class="icon send" aria-label={t('send')} title={t('send')}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 12h14M12 5l7 7-7 7" />
          </svg>
        </button>
      </div>
    </form>
  );
}

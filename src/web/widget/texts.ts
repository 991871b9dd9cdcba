// The words the page brought along, and how dates are said. Knows no component.
interface Settings {
  mode: 'panel' | 'page' | 'embed';
  lang: 'vi' | 'en';
  texts: Record<string, string>;
  maxFileBytes: number;
}

export const settings: Settings = JSON.parse(document.getElementById('motcua')?.textContent ?? '{}');

/** A text of `web.widget`, slots filled. */
export const t = (key: string, slots: Record<string, string | number> = {}): string =>
  (settings.texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(slots[name] ?? ''));

const locale = settings.lang === 'en' ? 'en-GB' : 'vi-VN';
const timeZone = 'Asia/Ho_Chi_Minh';
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone });
const long = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  timeZone,
});
const iso = new Intl.DateTimeFormat('sv-SE', { timeZone });

export const hour = (at: number): string => clock.format(at);
export const isoDay = (at: number): string => iso.format(at);
export function day(at: number): string {
  const name = long.format(at);
  if (isoDay(at) === isoDay(Date.now())) return t('today');
  if (isoDay(at) === isoDay(Date.now() - 86_400_000)) return t('yesterday');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

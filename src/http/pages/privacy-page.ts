// What is kept, who reads it, how long, and how to erase it.
import { html } from './html.ts';
import { brand, emergency, footer, layout } from './layout.ts';
import { type PageLocale, texts } from './texts.ts';

const PARTS = ['kept', 'not-kept', 'who', 'long', 'erase', 'secret'];

/** `/quyen-rieng-tu`. `keepDays`: after how many quiet days a conversation leaves the server, when it does. */
export function privacyPage(locale: PageLocale, officialChannel: boolean, keepDays?: number): string {
  const t = texts(locale);
  const parts = PARTS.map(
    (id) => html`<h2>${t(`privacy.${id}-title`)}</h2>
<p>${t(`privacy.${id}`)}${id === 'long' && keepDays !== undefined && ` ${t('privacy.long-days', { days: keepDays })}`}</p>`,
  );
  return layout({
    locale,
    title: `${t('privacy.title')} · ${t('brand')}`,
    look: 'sheet',
    body: html`${brand(t, locale, '/quyen-rieng-tu')}
<main id="main"><h1>${t('privacy.title')}</h1><p class="lead">${t('privacy.lead')}</p>${parts}</main>
${footer(t, locale, officialChannel, emergency(t))}`,
  });
}

// The chat alone: as a full page, and as the frame that agencies' pages embed.
import { html } from './html.ts';
import { layout } from './layout.ts';
import { type PageLocale, texts } from './texts.ts';

/** `/chat` and `/embed`. */
export function chatPage(locale: PageLocale, mode: 'page' | 'embed'): string {
  const t = texts(locale);
  return layout({
    locale,
    title: t('chat.title'),
    chat: mode,
    look: `alone ${mode}`,
    hidden: mode === 'embed',
    body: html`<main id="chat" class="chat ${mode}" aria-label="${t('chat.title')}">
<noscript><h1>${t('brand')}</h1><p>${t('chat.no-script')}</p></noscript>
</main>`,
  });
}

// The first page: what this is, and the chat open beside it. Knows only its words.
import { html } from './html.ts';
import { brand, emergency, footer, layout } from './layout.ts';
import { type PageLocale, texts } from './texts.ts';

const ASKS = ['birth', 'marriage', 'rubbish', 'extra-paper'];
const NUMBERS = [1, 2, 3, 4];

/** `/`. Works without script: its questions are links to the full-page chat. */
export function homePage(locale: PageLocale, officialChannel: boolean): string {
  const t = texts(locale);
  const suffix = locale === 'en' ? '&lang=en' : '';
  const chat = locale === 'en' ? '/chat?lang=en' : '/chat';
  const asks = ASKS.map((id) => {
    const ask = t(`home.asks.${id}`);
    return html`<li><a href="/chat?hoi=${encodeURIComponent(ask)}${suffix}" data-ask="${ask}">${ask}</a></li>`;
  });
  return layout({
    locale,
    title: t('home.title'),
    chat: 'panel',
    look: 'home',
    body: html`<a class="skip" href="#main">${t('skip')}</a>
<div class="first">
<div class="say">
${brand(t, locale, '/')}
<main id="main">
<h1>${t('home.heading')}</h1>
<p class="lead">${t('home.lead')}</p>
<h2 class="try">${t('home.try')}</h2>
<ul class="asks">${asks}</ul>
${emergency(t)}
<a class="dock button" href="${chat}">${t('home.open-chat')}</a>
</main>
</div>
<div class="gate">
<i class="shutter left"></i>
<section id="chat" class="chat panel" aria-label="${t('chat.title')}">
<noscript><p>${t('chat.no-script')}</p></noscript>
</section>
<i class="shutter right"></i>
</div>
</div>
<section class="way" aria-labelledby="way">
<h2 id="way">${t('home.way-title')}</h2>
<ol>${NUMBERS.map((n) => html`<li><h3>${t(`home.way-${n}-title`)}</h3><p>${t(`home.way-${n}`)}</p></li>`)}</ol>
</section>
<section class="promises" aria-label="${t('brand')}">
${NUMBERS.slice(0, 3).map((n) => html`<article><h2>${t(`home.promise-${n}-title`)}</h2><p>${t(`home.promise-${n}`)}</p></article>`)}
</section>
${footer(t, locale, officialChannel)}`,
  });
}

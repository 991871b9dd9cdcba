// What a person sees when a page cannot be shown: what happened, in one kind sentence, and where to go on.
import type { ProblemCode } from '../../core/result.ts';
import { html } from './html.ts';
import { brand, layout } from './layout.ts';
import { type PageLocale, texts } from './texts.ts';

/** The page of a problem; `requestId` is what support can find in the log. */
export function problemPage(code: ProblemCode, locale: PageLocale, requestId: string): string {
  const t = texts(locale);
  const title = t(code === 'not-found' ? 'problem-page.not-found-title' : 'problem-page.other-title');
  return layout({
    locale,
    title: `${title} · ${t('brand')}`,
    look: 'sheet',
    hidden: true,
    body: html`${brand(t, locale, '/')}
<main id="main"><h1>${title}</h1><p>${t(`problem.${code}`)}</p>
<p><a class="button" href="/chat">${t('problem-page.chat')}</a> <a href="/">${t('problem-page.home')}</a></p>
${code === 'fault' && html`<p class="hint">${t('problem-page.id')}: <code>${requestId}</code></p>`}
</main>`,
  });
}

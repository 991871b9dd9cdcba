// What every page has around it: head, language, footer. Knows no page by name.
import { MAX_FILE_BYTES } from '../../core/message.ts';
import type { WebAssets } from '../web-assets.ts';
import { type Html, html, jsonIn } from './html.ts';
import { mark } from './motif.ts';
import { type PageLocale, type Text, texts, widgetTexts } from './texts.ts';

export interface Page {
  locale: PageLocale;
  title: string;
  description?: string;
  body: Html;
  /** With the chat frame's program. */
  chat?: 'panel' | 'page' | 'embed';
  /** Classes of the body. */
  look?: string;
  /** Out of search engines. */
  hidden?: boolean;
}

let assets: Pick<WebAssets, 'entry'> | undefined;
/** Told once at start where the built programs are; pages said before that have no style. */
export function useAssets(built: Pick<WebAssets, 'entry'>): void {
  assets = built;
}

/** A whole page. */
export function layout(page: Page): string {
  const t = texts(page.locale);
  const style = assets?.entry('page').styles ?? [];
  const program = page.chat ? assets?.entry('widget') : undefined;
  const settings = page.chat && {
    mode: page.chat,
    lang: page.locale,
    texts: widgetTexts(page.locale),
    maxFileBytes: MAX_FILE_BYTES,
  };
  return html`<!doctype html>
<html lang="${page.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<title>${page.title}</title>
<meta name="description" content="${page.description ?? t('home.description')}">
<meta name="theme-color" content="#fbf6ea" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#121815" media="(prefers-color-scheme: dark)">
<meta name="color-scheme" content="light dark">
${page.hidden && html`<meta name="robots" content="noindex">`}
<link rel="icon" href="/icon.svg" type="image/svg+xml">
${[...style, ...(program?.styles ?? [])].map((href) => html`<link rel="stylesheet" href="${href}">`)}
${settings && html`<script type="application/json" id="motcua">${jsonIn(settings)}</script>`}
${program && html`<script type="module" src="${program.script}"></script>`}
</head>
<body class="${page.look ?? ''}">
${page.body}
</body>
</html>
`.text;
}

/** The line with the mark on top of a page. */
export const brand = (t: Text, locale: PageLocale, here: string): Html => html`<header class="brand">
<a class="home" href="/${locale === 'en' && '?lang=en'}">${mark}<span><b>${t('brand')}</b><small>${t('tagline')}</small></span></a>
<a class="other" lang="${locale === 'en' ? 'vi' : 'en'}" hreflang="${locale === 'en' ? 'vi' : 'en'}" href="${here}${locale === 'vi' && '?lang=en'}">${t('other-language')}</a>
</header>`;

/** Emergency numbers: they stand on every page that is read. */
export const emergency = (t: Text): Html => html`<p class="sos"><b>${t('emergency.title')}</b>
<span><a href="tel:113">113</a> ${t('emergency.police')}</span>
<span><a href="tel:114">114</a> ${t('emergency.fire')}</span>
<span><a href="tel:115">115</a> ${t('emergency.ambulance')}</span></p>`;

/** The end of a page that is read. */
export const footer = (
  t: Text,
  locale: PageLocale,
  officialChannel: boolean,
  more?: Html,
): Html => html`<footer class="foot">
${more}
${!officialChannel && html`<p class="trial">${t('trial')}</p>`}
<p><a href="/quyen-rieng-tu${locale === 'en' && '?lang=en'}">${t('privacy.title')}</a></p>
</footer>`;

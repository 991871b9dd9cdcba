// The words of the pages, read once from locales/<locale>/web.yml. Hides the files; knows no page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from 'express';
import { parse } from 'yaml';

export type PageLocale = 'vi' | 'en';
/** A text by its key below `web.`, with {slots} filled. Throws for a key that is not written: a bug, not a case. */
export type Text = (key: string, slots?: Record<string, string | number>) => string;

type Tree = { [key: string]: string | Tree };
const FOLDER = join(import.meta.dirname, '../../../locales');
const load = (locale: PageLocale) =>
  (parse(readFileSync(join(FOLDER, locale, 'web.yml'), 'utf8')) as { web: Tree }).web;
const TREES: Record<PageLocale, Tree> = { vi: load('vi'), en: load('en') };

/** The texts of one language. */
export const texts =
  (locale: PageLocale): Text =>
  (key, slots = {}) => {
    const found = key
      .split('.')
      .reduce<Tree | string | undefined>(
        (node, part) => (typeof node === 'object' ? node[part] : undefined),
        TREES[locale],
      );
    if (typeof found !== 'string') throw new Error(`locales/${locale}/web.yml has no web.${key}`);
    return found.replace(/\{([a-z]+)\}/g, (whole, name) => String(slots[name] ?? whole));
  };

/** The texts the chat frame needs, to be sent along with its page; problems as `problem-<code>`. */
export const widgetTexts = (locale: PageLocale): Record<string, string> => ({
  ...(TREES[locale].widget as Record<string, string>),
  ...Object.fromEntries(
    Object.entries(TREES[locale].problem ?? {}).map(([code, text]) => [`problem-${code}`, String(text)]),
  ),
});

/** `?lang=en` chooses; otherwise Vietnamese, whatever the browser says: this is a service of Hà Nội. */
export const localeOf = (req: Pick<Request, 'query'>): PageLocale => (req.query.lang === 'en' ? 'en' : 'vi');

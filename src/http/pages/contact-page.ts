// The one-time page on which a citizen leaves name, phone and address, apart from the chat. Works without script.
// No cookie is used, so no other site can send this form in a citizen's name: the address itself is the key.
import { z } from 'zod';
import type { ContactDetails } from '../house.ts';
import { html } from './html.ts';
import { brand, emergency, footer, layout } from './layout.ts';
import { type PageLocale, texts } from './texts.ts';

const FIELDS = [
  { id: 'name', autocomplete: 'name', type: 'text', max: 200 },
  { id: 'phone', autocomplete: 'tel', type: 'tel', max: 30 },
  { id: 'address', autocomplete: 'street-address', type: 'text', max: 500 },
] as const;
type Field = keyof ContactDetails | 'consent';

const words = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .transform((s) => s.toWellFormed().normalize('NFC'));
const Form = z.object({
  name: words(200),
  phone: z
    .string()
    .transform((s) => s.replace(/[\s.()-]/g, ''))
    .pipe(z.string().regex(/^\+?\d{8,15}$/)),
  address: words(500),
  consent: z.literal('yes'),
});

/** What was filled in, or the fields to be corrected. */
export function readContact(body: unknown): { details: ContactDetails } | { wrong: Field[] } {
  const read = Form.safeParse(body ?? {});
  if (read.success) {
    const { consent: _, ...details } = read.data;
    return { details };
  }
  const wrong = new Set(read.error.issues.map((i) => i.path[0] as Field));
  return { wrong: [...wrong] };
}

interface Around {
  locale: PageLocale;
  officialChannel: boolean;
}

/** The form; with what was typed and what is wrong when it comes back. */
export function contactPage(
  around: Around,
  code: string,
  typed: Partial<Record<Field, string>> = {},
  wrong: Field[] = [],
): string {
  const { locale, officialChannel } = around;
  const t = texts(locale);
  const bad = (id: Field) => wrong.includes(id);
  const attributes = (id: Field) =>
    html`${bad(id) && html` aria-invalid="true" aria-describedby="wrong-${id}"`}`;
  const complaint = (id: Field) =>
    html`${bad(id) && html`<p class="wrong" id="wrong-${id}">${t(`contact.wrong-${id}`)}</p>`}`;
  const fields = FIELDS.map(
    (f) => html`<div class="field">
<label for="${f.id}">${t(`contact.${f.id}`)}</label>
${f.id === 'address' && html`<p class="hint" id="hint-address">${t('contact.address-hint')}</p>`}
<input class="written" id="${f.id}" name="${f.id}" type="${f.type}" autocomplete="${f.autocomplete}" maxlength="${f.max}" required value="${typed[f.id] ?? ''}"${attributes(f.id)}>
${complaint(f.id)}
</div>`,
  );
  const summary =
    wrong.length > 0 &&
    html`<div class="summary" role="alert"><p>${t('contact.fix')}</p><ul>${wrong.map((id) => html`<li><a href="#${id}">${t(`contact.wrong-${id}`)}</a></li>`)}</ul></div>`;
  return sheet(
    around,
    t('contact.title'),
    html`<h1>${t('contact.heading')}</h1>
<p class="for">${t('contact.for', { code })}</p>
<p>${t('contact.why')}</p>
${!officialChannel && html`<p>${t('contact.why-trial')}</p>`}
${summary}
<form method="post" novalidate>
${fields}
<div class="field tick"><input id="consent" name="consent" type="checkbox" value="yes"${typed.consent === 'yes' && html` checked`}${attributes('consent')}>
<label for="consent">${t('contact.consent')}</label>${complaint('consent')}</div>
<p class="hint">${t('contact.privacy')}</p>
<button class="button">${t('contact.send')}</button>
<p class="hint">${t('contact.once')}</p>
</form>`,
  );
}

/** After the form was kept. */
export const contactSavedPage = (around: Around, code: string): string => {
  const t = texts(around.locale);
  return sheet(
    around,
    t('contact.saved-title'),
    html`<h1>${t('contact.saved-title')}</h1><p>${t('contact.saved', { code })}</p>`,
  );
};

/** For a token that was used or is too old. */
export const contactExpiredPage = (around: Around): string => {
  const t = texts(around.locale);
  return sheet(
    around,
    t('contact.expired-title'),
    html`<h1>${t('contact.expired-title')}</h1><p>${t('contact.expired')}</p><p><a class="button" href="/chat">${t('problem-page.chat')}</a></p>`,
  );
};

function sheet(around: Around, title: string, body: ReturnType<typeof html>): string {
  const t = texts(around.locale);
  return layout({
    locale: around.locale,
    title: `${title} · ${t('brand')}`,
    look: 'sheet',
    hidden: true,
    body: html`${brand(t, around.locale, '')}<main id="main">${body}</main>${footer(t, around.locale, around.officialChannel, emergency(t))}`,
  });
}

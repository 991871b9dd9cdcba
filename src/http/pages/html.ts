// HTML that cannot be injected into: every value in a template is escaped unless it is itself a template.
// Hides escaping; knows no page.

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
type Value = Html | string | number | false | undefined | readonly Html[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The markup of a template, values escaped. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  let out = parts[0]!;
  for (const [i, value] of values.entries()) out += print(value) + parts[i + 1];
  return new Html(out);
}

function print(value: Value): string {
  if (value === false || value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map((v: Html) => v.text).join('');
  return String(value).replace(/[&<>"']/g, (c) => ENTITIES[c]!);
}

/** A value for `<script type="application/json">`: cannot close the element it stands in. */
export const jsonIn = (value: unknown): Html => new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));

// The mark of the house, drawn: a door under a fanlight, as on the ochre walls of old Hà Nội. Knows no page.
import { type Html, html } from './html.ts';

/** The mark, sized by its container; decorative. */
export const mark: Html = html`<svg class="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
<rect class="wall" width="48" height="48" rx="11"/>
<path class="door" d="M12 42V22a12 12 0 0 1 24 0v20z"/>
<path class="light" d="M21 42V27h6v15z"/>
<g class="rays"><path d="M24 22V11.5M24 22l-7-7.5M24 22l7-7.5M24 22h-11M24 22h11"/><path d="M12 27h9M27 27h9M12 33h9M27 33h9M12 38.5h9M27 38.5h9" opacity=".55"/></g>
</svg>`;

// The launcher other sites load with one <script> tag: a button, and the chat in a frame of our own origin.
// Touches nothing of the page it stands on; its style is sealed in a shadow root.
//   <script src="https://…/embed.js" data-lang="vi" data-label="Hỏi Một Cửa" data-side="left" async></script>
(() => {
  const script = document.currentScript as HTMLScriptElement | null;
  if (!script || document.getElementById('motcua-launcher')) return;
  const origin = new URL(script.src).origin;
  const { lang, label, side } = script.dataset;
  const english = lang === 'en';
  const name = label || (english ? 'Ask Một Cửa' : 'Hỏi Một Cửa');

  const style = new CSSStyleSheet();
  style.replaceSync(`
:host{all:initial;position:fixed;z-index:2147483000;bottom:0;${side === 'left' ? 'left' : 'right'}:0}
button{font:600 16px/1.2 "Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif;display:flex;gap:10px;align-items:center;margin:16px;padding:12px 18px 12px 12px;min-height:52px;border:0;border-radius:26px;background:#1d5243;color:#fff;cursor:pointer;box-shadow:0 4px 18px #0004}
button:hover{background:#123a2f}
button:focus-visible{outline:3px solid #e9b94f;outline-offset:3px}
svg{width:30px;height:30px}
iframe{display:block;border:0;width:400px;height:min(640px,100dvh - 24px);margin:12px;border-radius:16px;background:#fbf6ea;box-shadow:0 8px 40px #0005}
[hidden]{display:none!important}
@media (max-width:480px){iframe{width:100vw;height:100dvh;margin:0;border-radius:0}}
@media print{:host{display:none}}`);

  const host = document.createElement('div');
  host.id = 'motcua-launcher';
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [style];

  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-expanded', 'false');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 48 48');
  svg.setAttribute('aria-hidden', 'true');
  for (const [d, fill] of [
    ['M0 11A11 11 0 0 1 11 0h26a11 11 0 0 1 11 11v26a11 11 0 0 1-11 11H11A11 11 0 0 1 0 37z', '#e9b94f'],
    ['M12 42V22a12 12 0 0 1 24 0v20z', '#1d5243'],
    ['M21 42V27h6v15z', '#fff3d0'],
  ] as const) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', d);
    path.setAttribute('fill', fill);
    svg.append(path);
  }
  button.append(svg, name);
  root.append(button);

  let frame: HTMLIFrameElement | undefined;
  const show = (open: boolean) => {
    if (open && !frame) {
      frame = document.createElement('iframe');
      frame.title = name;
      frame.src = `${origin}/embed${english ? '?lang=en' : ''}`;
      frame.allow = 'geolocation';
      frame.addEventListener('load', () => frame?.focus());
      root.append(frame);
    }
    if (frame) frame.hidden = !open;
    button.hidden = open;
    button.setAttribute('aria-expanded', String(open));
    if (open) frame?.focus();
    else button.focus();
  };
  button.addEventListener('click', () => show(true));
  window.addEventListener('message', (event) => {
    if (event.origin === origin && event.source === frame?.contentWindow && event.data === 'motcua:close')
      show(false);
  });
  const mount = () => document.body.append(host);
  if (document.body) mount();
  else document.addEventListener('DOMContentLoaded', mount);
})();

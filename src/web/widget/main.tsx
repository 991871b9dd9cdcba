// Puts the chat where the page has a place for it. On a narrow first page the chat is one tap away instead.
import { render } from 'preact';
import { Chat } from './chat.tsx';
import './chat.css';
import { settings } from './texts.ts';

const place = document.getElementById('chat');
const wide = matchMedia('(min-width: 900px)');
const mount = () => {
  if (!place || (settings.mode === 'panel' && !wide.matches) || place.dataset.on) return;
  place.dataset.on = '1';
  place.replaceChildren();
  render(<Chat />, place);
};
wide.addEventListener('change', mount);
mount();

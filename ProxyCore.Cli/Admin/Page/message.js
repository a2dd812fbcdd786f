// The line at the bottom that tells what became of something that was pressed.

import { setText } from './dom.js';

const shownTime = 10_000;
let timer;

export function tell(text) {
  const message = document.getElementById('message');
  clearTimeout(timer);
  setText(message, text);
  timer = setTimeout(() => setText(message, ''), shownTime);
}

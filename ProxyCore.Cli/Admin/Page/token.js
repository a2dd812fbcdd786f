// The question for the token, in the place of the figures.

import { forgetToken, hasToken, isToken, setToken } from './api.js';
import { setText } from './dom.js';

const form = document.getElementById('token-form');
const input = document.getElementById('token');
const error = document.getElementById('token-error');
const figures = ['summary', 'status', 'parts', 'figures'].map(id => document.getElementById(id));

/** Given: called when a token has been entered. */
export function listenForToken(given) {
  form.addEventListener('submit', event => {
    event.preventDefault();
    const token = input.value.trim();
    if (!isToken(token)) {
      setText(error, 'That can’t be a token.');
      return;
    }

    input.value = '';
    setToken(token);
    given();
  });
}

export function askForToken() {
  setText(error, hasToken() ? 'That token is not the right one.' : '');
  forgetToken();
  showFigures(false);
  input.focus();
}

/** The figures, or else the question for the token. */
export function showFigures(shown) {
  for (const part of figures) {
    part.hidden = !shown;
  }

  form.hidden = shown;
}

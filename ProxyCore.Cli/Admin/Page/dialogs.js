// Questions before what can't be undone.

import { fill } from './dom.js';

/** Asks; true when the answer is the value of the dialog's dangerous button. */
export function ask(id, texts) {
  const dialog = document.getElementById(id);
  fill(dialog, texts);
  dialog.returnValue = '';
  return new Promise(resolve => {
    dialog.onclose = () => resolve(dialog.returnValue === 'yes');
    dialog.showModal();
  });
}

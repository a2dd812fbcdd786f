// The clients that are denied for a time, each with a button that lets it in again; and whether that reaches other proxies.

import { KeptChildren, allow, fill, setText } from './dom.js';
import { count, duration, moment } from './format.js';

export class Denied {
  #rows;
  #canChange = false;

  /** Asked: called with the address whose button was pressed. */
  constructor(asked) {
    const body = document.getElementById('denied');
    this.#rows = new KeptChildren(body, 'denied-template', (row, entry) => this.#show(row, entry));
    body.addEventListener('click', event => {
      const address = event.target.closest('button')?.dataset.address;
      if (address) {
        asked(address);
      }
    });
  }

  show(snapshot) {
    const entries = snapshot.denied;
    this.#canChange = snapshot.canEnd;
    document.getElementById('denied-part').hidden = entries.length === 0;
    document.getElementById('denied-link').hidden = entries.length === 0;
    setText(document.getElementById('denied-shown'), snapshot.deniedTotal > entries.length
      ? `the ${count(entries.length)} that end first of ${count(snapshot.deniedTotal)}` : '');
    this.#rows.show(entries.map(entry => [entry.address, entry]));
    showShared(snapshot.sharedState);
  }

  #show(row, entry) {
    fill(row, { address: entry.address, left: duration(entry.remainingSeconds), since: moment(entry.since) });
    const button = row.querySelector('button');
    button.dataset.address = entry.address;
    button.setAttribute('aria-label', `Let ${entry.address} in again`);
    allow(button, this.#canChange);
  }
}

function showShared(shared) {
  const trouble = document.getElementById('shared-trouble');
  trouble.hidden = shared === null || (shared.isReachable && shared.notInForce === 0);
  if (!trouble.hidden) {
    setText(trouble, shared.isReachable
      ? `${count(shared.notInForce)} changes of other proxies are not in force here: see the log.`
      : `The shared state is not reachable since ${moment(shared.since)}: ${shared.error}. `
        + `This proxy goes on with what it knows; ${count(shared.unsaved)} changes are still to be shared.`);
  }
}

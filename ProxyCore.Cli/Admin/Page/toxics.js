// The toxics of each route: faults on purpose, each with a switch. One that is off is kept by the proxy, for all browsers.

import { KeptChildren, allow, fill, part, setText } from './dom.js';
import { count, percent } from './format.js';

// They act before there are bytes, and so on no stream.
const withoutStream = ['connect_delay', 'refuse'];

export class Toxics {
  #lists = new WeakMap();
  #toxics = new WeakMap();
  #asked;
  #canChange = false;

  /** Asked: called with what is to be done, "switch" or "remove", and the toxic. */
  constructor(asked) {
    this.#asked = asked;
  }

  prepare(card) {
    this.#lists.set(card, new KeptChildren(
      part(card, 'toxics'), 'toxic-template', (row, toxic) => this.#show(row, toxic), row => this.#listen(row)));
  }

  /** An earlier version of the proxy knows no toxics. */
  show(card, toxics = [], canChange = false) {
    this.#canChange = canChange;
    part(card, 'toxics-part').hidden = toxics.length === 0;
    this.#lists.get(card).show(toxics.map(toxic => [toxic.name, toxic]));
  }

  #listen(row) {
    for (const name of ['switch', 'remove']) {
      part(row, name).addEventListener('click', () => this.#asked(name, this.#toxics.get(row)));
    }
  }

  #show(row, toxic) {
    this.#toxics.set(row, toxic);
    fill(row, { name: toxic.name, description: toxic.description, counts: countsOf(toxic) });
    row.classList.toggle('off', !toxic.enabled);
    const onOff = part(row, 'switch');
    onOff.setAttribute('aria-checked', String(toxic.enabled));
    onOff.setAttribute('aria-label', `Toxic ${toxic.name}`);
    part(row, 'remove').setAttribute('aria-label', `Remove toxic ${toxic.name}`);
    setText(part(row, 'state'), toxic.enabled ? 'on' : 'off');
    for (const button of row.querySelectorAll('button')) {
      allow(button, this.#canChange);
    }
  }
}

function countsOf(toxic) {
  const share = toxic.toxicity < 1 ? `${percent(toxic.toxicity)} of connections, ` : '';
  const stream = withoutStream.includes(toxic.type) ? '' : `${toxic.stream}, `;
  return `${stream}${share}acted on ${count(toxic.connections)}, ended ${count(toxic.endedConnections)}`;
}

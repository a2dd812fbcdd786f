// The running configuration, as text; asked for when somebody opens it.

import { getConfiguration } from './api.js';
import { setText } from './dom.js';

export class Configuration {
  #details = document.getElementById('configuration');
  #text = document.getElementById('configuration-text');
  #asked = false;

  constructor() {
    this.#details.addEventListener('toggle', () => this.#ask());
  }

  /** A snapshot says nothing of it. */
  show() {
  }

  async #ask() {
    if (!this.#details.open || this.#asked) {
      return;
    }

    this.#asked = true;
    try {
      setText(this.#text, await getConfiguration());
    } catch (error) {
      setText(this.#text, `It could not be loaded: ${error.message}`);
    } finally {
      this.#asked = false;
    }
  }
}

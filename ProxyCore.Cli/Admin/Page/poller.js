// Asks the proxy once a second, while somebody looks and one at a time; more slowly when it does not answer.

const interval = 1000;
const longestPause = 5000;

export class Poller {
  #ask;
  #fail;
  #timer;
  #asking = false;
  #failures = 0;

  /**
   * Ask: asks and shows; resolves to false when there was nothing new. Fail: shows an error; returns false when another
   * try would not help.
   */
  constructor(ask, fail) {
    this.#ask = ask;
    this.#fail = fail;
    document.addEventListener('visibilitychange', () => this.poll());
    addEventListener('online', () => this.poll());
  }

  async poll() {
    clearTimeout(this.#timer);
    if (this.#asking || document.hidden) {
      return;
    }

    this.#asking = true;
    const pause = await this.#pauseAfterAsking();
    this.#asking = false;
    if (pause !== null) {
      this.#timer = setTimeout(() => this.poll(), Math.max(0, pause));
    }
  }

  /** How long to pause; null when another try would not help. */
  async #pauseAfterAsking() {
    const begun = performance.now();
    try {
      const isNew = await this.#ask();
      this.#failures = 0;
      return isNew ? interval - (performance.now() - begun) : interval / 5;
    } catch (error) {
      this.#failures++;
      return this.#fail(error) ? Math.min(longestPause, interval * 2 ** (this.#failures - 1)) : null;
    }
  }
}

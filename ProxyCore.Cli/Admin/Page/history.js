// What the snapshots of the last minutes say together: rates, and the ends of the last minute.

/** How much of the past the plots show, in milliseconds. */
export const shownTime = 180_000;
const minute = 60_000;
const longestStep = 5000;

export class History {
  #points = [];
  #before = null;
  #now = null;

  /** Takes a snapshot; false when it is the one that it has already. */
  add(snapshot) {
    if (this.#now?.time === snapshot.time) {
      return false;
    }

    const restarted = this.#now !== null && isAnother(this.#now, snapshot);
    if (restarted) {
      this.#points = this.#points.map(point => ({ ...point, ended: null }));
    }

    this.#before = restarted ? null : this.#now;
    this.#now = snapshot;
    this.#points.push(this.#point());
    this.#points = this.#points.filter(point => point.time > this.time - shownTime - 2 * longestStep);
    return true;
  }

  /** When the last snapshot was taken, in milliseconds, by the proxy's clock. */
  get time() {
    return Date.parse(this.#now.time);
  }

  get points() {
    return this.#points;
  }

  /** How much a figure of the snapshot has grown a second since the one before; undefined when there is none. */
  rate(figure) {
    const before = this.#before && figure(this.#before);
    const now = figure(this.#now);
    if (!Number.isFinite(before) || !Number.isFinite(now)) {
      return undefined;
    }

    // A figure of what was removed and came back begins anew.
    return Math.max(0, now - before) * 1000 / (this.time - Date.parse(this.#before.time));
  }

  /** The ends by reason within the last minute, and how many seconds of it have been seen. */
  recentEnds() {
    const seen = this.#points.filter(point => point.ended !== null);
    const first = seen.findLast(point => point.time <= this.time - minute) ?? seen[0];
    const counts = {};
    for (const [reason, total] of Object.entries(this.#now.statistics.ended)) {
      counts[reason] = Math.max(0, total - (first.ended[reason] ?? 0));
    }

    return { counts, seconds: Math.round((this.time - first.time) / 1000) };
  }

  #point() {
    const statistics = this.#now.statistics;
    return {
      time: this.time,
      // The tab was hidden or the proxy away: nothing is known of what was between.
      afterGap: this.#before === null || this.time - Date.parse(this.#before.time) > longestStep,
      accepted: this.rate(snapshot => snapshot.statistics.accepted),
      toClients: this.rate(snapshot => snapshot.statistics.bytesToClients),
      toUpstreams: this.rate(snapshot => snapshot.statistics.bytesToUpstreams),
      open: statistics.active,
      ended: statistics.ended,
    };
  }
}

/** Whether a snapshot is of another run of the proxy: its counters have begun anew, or its clock was set. */
function isAnother(before, now) {
  const begun = snapshot => Date.parse(snapshot.time) - snapshot.uptimeSeconds * 1000;
  return now.uptimeSeconds < before.uptimeSeconds
    || Date.parse(now.time) <= Date.parse(before.time)
    || Math.abs(begun(now) - begun(before)) > 5000
    || now.statistics.accepted < before.statistics.accepted;
}

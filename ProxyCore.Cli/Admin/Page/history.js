// What the snapshots say together: rates, the last minutes second by second, the last hour, and the ends of the last minute.

/** How much of the past is known second by second, in milliseconds. */
const shortTime = 180_000;
const hourTime = 3_600_000;
const minute = 60_000;
const longestStep = 5000;
const hourStep = 5000;

export class History {
  #points = [];
  #hour = [];
  #before = null;
  #now = null;

  /** Takes what the proxy has kept of the last hour: the page was loaded just now. */
  begin(history) {
    const figures = history.time.map((time, index) => ({
      time,
      accepted: history.accepted[index],
      toClients: history.bytesToClients[index],
      toUpstreams: history.bytesToUpstreams[index],
      open: history.open[index],
    }));
    this.#hour = figures.map((now, index) => pointOf(index === 0 ? null : figures[index - 1], now, 3 * hourStep));
    this.#points = [...this.#hour];
  }

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
    const figures = figuresOf(snapshot);
    const previous = this.#before ? figuresOf(this.#before) : restarted ? null : this.#hour.at(-1)?.figures ?? null;
    this.#points.push({ ...pointOf(previous, figures, longestStep), ended: snapshot.statistics.ended });
    this.#points = since(this.#points, this.time - shortTime - 2 * longestStep);
    this.#addToHour(figures, restarted);
    return true;
  }

  /** When the last snapshot was taken, in milliseconds, by the proxy's clock. */
  get time() {
    return Date.parse(this.#now.time);
  }

  /** The last minutes. */
  get points() {
    return this.#points;
  }

  /** The last hour, in steps of five seconds. */
  get hour() {
    return this.#hour;
  }

  /** How much a figure of the snapshot has grown a second since the one before; undefined when there is none. */
  rate(figure) {
    const before = this.#before && figure(this.#before);
    const now = figure(this.#now);
    return growth(before, now, this.#before ? this.time - Date.parse(this.#before.time) : 0);
  }

  /** The ends by reason within the last minute, and how many seconds of it have been seen. */
  recentEnds() {
    const seen = this.#points.filter(point => point.ended);
    const first = seen.findLast(point => point.time <= this.time - minute) ?? seen[0];
    const counts = {};
    for (const [reason, total] of Object.entries(this.#now.statistics.ended)) {
      counts[reason] = Math.max(0, total - (first.ended[reason] ?? 0));
    }

    return { counts, seconds: Math.round((this.time - first.time) / 1000) };
  }

  #addToHour(figures, restarted) {
    const last = this.#hour.at(-1);
    if (last && figures.time > last.time && figures.time < last.time + hourStep) {
      return;
    }

    if (last && figures.time <= last.time) {
      // The clock was set: what is known has no place before now.
      this.#hour = [];
    }

    this.#hour.push(pointOf(restarted ? null : last?.figures ?? null, figures, 3 * hourStep));
    this.#hour = since(this.#hour, this.time - hourTime - 2 * hourStep);
  }
}

function figuresOf(snapshot) {
  const statistics = snapshot.statistics;
  return {
    time: Date.parse(snapshot.time),
    accepted: statistics.accepted,
    toClients: statistics.bytesToClients,
    toUpstreams: statistics.bytesToUpstreams,
    open: statistics.active,
  };
}

/** A point of a plot: the rates since the figures before. */
function pointOf(before, now, longest) {
  const rate = figure => growth(before?.[figure], now[figure], now.time - (before?.time ?? 0));
  return {
    time: now.time,
    // The tab was hidden or the proxy away: nothing is known of what was between.
    afterGap: before === null || now.time - before.time > longest,
    accepted: rate('accepted'),
    toClients: rate('toClients'),
    toUpstreams: rate('toUpstreams'),
    open: now.open,
    figures: now,
  };
}

/** A second's growth, in milliseconds of time. A figure of what was removed and came back begins anew. */
function growth(before, now, time) {
  return Number.isFinite(before) && Number.isFinite(now) && time > 0 ? Math.max(0, now - before) * 1000 / time : undefined;
}

function since(points, time) {
  return points.filter(point => point.time > time);
}

/** Whether a snapshot is of another run of the proxy: its counters have begun anew, or its clock was set. */
function isAnother(before, now) {
  const begun = snapshot => Date.parse(snapshot.time) - snapshot.uptimeSeconds * 1000;
  return now.uptimeSeconds < before.uptimeSeconds
    || Date.parse(now.time) <= Date.parse(before.time)
    || Math.abs(begun(now) - begun(before)) > 5000
    || now.statistics.accepted < before.statistics.accepted;
}

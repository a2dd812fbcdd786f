// Numbers as people read them.

export const nothing = '–';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

export function count(value) {
  return Number.isFinite(value) ? grouped.format(value) : nothing;
}

export function bytes(value) {
  if (!Number.isFinite(value)) {
    return nothing;
  }

  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }

  return `${unit === 0 ? Math.round(value) : threeDigits(value)} ${byteUnits[unit]}`;
}

export function bytesPerSecond(value) {
  return Number.isFinite(value) ? `${bytes(value)}/s` : nothing;
}

export function perSecond(value) {
  return Number.isFinite(value) ? `${value < 100 ? oneDecimal(value) : count(value)}/s` : nothing;
}

export function percent(share) {
  return Number.isFinite(share) ? `${share < 0.1 ? oneDecimal(share * 100) : Math.round(share * 100)}%` : nothing;
}

/** The two largest units of a time in seconds. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) {
    return nothing;
  }

  const whole = Math.floor(seconds);
  if (whole < 60) {
    return seconds < 10 ? `${(Math.floor(seconds * 10) / 10).toFixed(1)} s` : `${whole} s`;
  }

  if (whole < 3600) {
    return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  }

  return whole < 86400
    ? `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} m`
    : `${Math.floor(whole / 86400)} d ${Math.floor(whole % 86400 / 3600)} h`;
}

/** When something was, in local time: without the date when it is today. */
export function moment(text, now = new Date()) {
  const time = new Date(text);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':');
  return time.toDateString() === now.toDateString()
    ? clock
    : `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())} ${clock}`;
}

/** A time in seconds that is mostly far under one. */
export function shortTime(seconds) {
  if (!Number.isFinite(seconds)) {
    return nothing;
  }

  return seconds < 0.9995 ? `${threeDigits(seconds * 1000)} ms` : `${threeDigits(seconds)} s`;
}

function twoDigits(value) {
  return String(value).padStart(2, '0');
}

function threeDigits(value) {
  return value < 9.995 ? trimmed(value, 2) : value < 99.95 ? trimmed(value, 1) : count(value);
}

function oneDecimal(value) {
  return trimmed(value, 1);
}

function trimmed(value, decimals) {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? '0' : text;
}

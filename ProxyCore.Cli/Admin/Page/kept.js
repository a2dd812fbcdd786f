// What the reader of the page has chosen, kept until the tab is closed: also when the page is loaded again.

const prefix = 'proxycore.';

/** What was kept under a name, or else the default. */
export function kept(name, missing) {
  try {
    return JSON.parse(sessionStorage.getItem(prefix + name)) ?? missing;
  } catch {
    return missing;
  }
}

export function keep(name, value) {
  sessionStorage.setItem(prefix + name, JSON.stringify(value));
}

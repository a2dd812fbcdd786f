// Small hands for the page: text into what is there, and rows that stay where they are.

/** The parts of a root by their names: looked for once, before rows are put into it. */
const fields = new WeakMap();
const parts = new WeakMap();

/** Changes a text only when it is another: a screen reader, a selection and the layout are left in peace. */
export function setText(node, text) {
  text = String(text);
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Puts texts into the parts of root that ask for them by data-field. */
export function fill(root, texts) {
  for (const node of found(fields, root, '[data-field]')) {
    if (node.dataset.field in texts) {
      setText(node, texts[node.dataset.field]);
    }
  }
}

/** Lets a button be used, or says what it would need. */
export function allow(button, canChange) {
  if (button.disabled === canChange) {
    button.disabled = !canChange;
    button.title = canChange ? '' : 'Needs a token: start the proxy with --admin-token-file FILE.';
  }
}

/** The part of root with this name in data-part; null if there is none. */
export function part(root, name) {
  return found(parts, root, '[data-part]').find(node => node.dataset.part === name) ?? null;
}

export function fromTemplate(id) {
  return document.getElementById(id).content.cloneNode(true);
}

function found(cache, root, selector) {
  let nodes = cache.get(root);
  if (!nodes) {
    nodes = [...root.querySelectorAll(selector)];
    cache.set(root, nodes);
  }

  return nodes;
}

/** The children of one element, one for each item, made once and then kept. */
export class KeptChildren {
  #parent;
  #make;
  #update;
  #children = new Map();

  constructor(parent, template, update, prepare = () => {}) {
    this.#parent = parent;
    this.#update = update;
    this.#make = () => {
      const child = fromTemplate(template).firstElementChild;
      prepare(child);
      return child;
    };
  }

  /** Shows the items, in their order: an array of [key, item]. Children that stand right are not moved. */
  show(entries) {
    const items = new Map(entries);
    for (const [key, child] of this.#children) {
      if (!items.has(key)) {
        child.remove();
        this.#children.delete(key);
      }
    }

    let next = this.#parent.firstElementChild;
    for (const [key, item] of items) {
      const child = this.#childFor(key);
      this.#update(child, item);
      if (child === next) {
        next = next.nextElementSibling;
      } else {
        this.#parent.insertBefore(child, next);
      }
    }
  }

  #childFor(key) {
    let child = this.#children.get(key);
    if (!child) {
      child = this.#make();
      this.#children.set(key, child);
    }

    return child;
  }
}

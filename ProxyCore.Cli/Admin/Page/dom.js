// Small hands for the page: text into what is there, and rows that stay where they are.

/** Changes a text only when it is another: a screen reader, a selection and the layout are left in peace. */
export function setText(node, text) {
  text = String(text);
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Puts texts into the parts of root that ask for them by data-field. */
export function fill(root, texts) {
  for (const node of root.querySelectorAll('[data-field]')) {
    if (node.dataset.field in texts) {
      setText(node, texts[node.dataset.field]);
    }
  }
}

/** Lets a button be used, or says what it would need. */
export function allow(button, canChange) {
  button.disabled = !canChange;
  button.title = canChange ? '' : 'Needs a token: start the proxy with --admin-token-file FILE.';
}

export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

export function fromTemplate(id) {
  return document.getElementById(id).content.cloneNode(true);
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

// Builds elements without ever parsing text as HTML.

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [properties] `class`, `on…` listeners, `data`/`aria` attributes, or DOM properties
 * @param {...(Node | string | undefined | false)} children
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    setProperty(node, name, value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== false));
  return node;
}

function setProperty(node, name, value) {
  if (value === undefined) {
    return;
  }
  if (name.startsWith('on')) {
    node.addEventListener(name.slice(2), value);
  } else if (name === 'class' || name.includes('-') || name === 'role') {
    node.setAttribute(name === 'class' ? 'class' : name, String(value));
  } else {
    node[name] = value;
  }
}

/** Puts nodes into their order and moves no other ones: what has the focus keeps it. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) {
    if (!wanted.has(child)) {
      child.remove();
    }
  }
  let at = parent.firstElementChild;
  for (const node of nodes) {
    if (node === at) {
      at = at.nextElementSibling;
    } else {
      parent.insertBefore(node, at);
    }
  }
}

/** @param {string} id */
export function byId(id) {
  return document.getElementById(id);
}

/** The colour of an avatar follows from the name, so that it stays the same. */
export function avatar(name, isPlace = false) {
  const words = name.split(/[\s-]+/).filter(Boolean);
  const initials = isPlace ? '#' : words.slice(0, 2).map((word) => word[0].toUpperCase());
  const hue = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return element(
    'span',
    { class: `avatar hue-${hue}${isPlace ? ' place' : ''}`, 'aria-hidden': 'true' },
    [...initials].join(''),
  );
}

/**
 * What JSX compiles to, and how it gets into the page: 0.4 kB in the place of Preact's 3.8, more than half of what a visitor
 * would load. The widget has no state in components, no contexts and no hooks: a component is a function that is called.
 */

export type Child = Drawing | string | number | boolean | null | undefined | Child[];
// biome-ignore lint/suspicious/noExplicitAny: attributes and handlers of any element.
type Props = { [name: string]: any; children?: Child; key?: string };

/** What an element should be. */
interface Drawing {
  tag: string;
  /** Tells it from its siblings of the same tag. */
  key: string;
  props: Props;
}

/** Read by the compiler. */
export declare namespace JSX {
  type Element = Child;
  type IntrinsicElements = Record<string, Props>;
  interface ElementChildrenAttribute {
    children: Child;
  }
  interface IntrinsicAttributes {
    key?: string;
  }
}

export const jsx = (tag: string | ((props: never) => Child), props: Props, key = ""): Child =>
  typeof tag === "string" ? { tag, props, key } : tag(props as never);
export const jsxs = jsx;
export const Fragment = ({ children }: { children: Child }): Child => children;

const svg = "http://www.w3.org/2000/svg";

/** A node as it was drawn last; "" is the kind of a text. */
// biome-ignore lint/suspicious/noExplicitAny: handlers are set by name.
type Drawn = Element & Text & Record<string, any> & { kind?: string; drawn?: Props };

const create = (tag: string, parent: ParentNode): Node => {
  const isSvg = tag === "svg" || (parent as Element).namespaceURI === svg;
  return isSvg ? document.createElementNS(svg, tag) : document.createElement(tag);
};

/**
 * Makes the children of `parent` what they should be. What was there stays where tag and key are the same, in order: with its
 * focus, and with what was typed into it.
 */
export const render = (child: Child, parent: ParentNode): void => {
  let next = parent.firstChild as Drawn | null;
  const skipTo = (wanted: Drawn | null) => {
    while (next && next !== wanted) {
      const { nextSibling } = next;
      next.remove();
      next = nextSibling as Drawn | null;
    }
  };
  for (const each of [child].flat(9) as Child[]) {
    if (each == null || typeof each === "boolean" || each === "") continue;
    const { tag = "", key = "", props = {} } = each as Partial<Drawing>;
    const kind = tag + key;
    let node = next;
    while (node && node.kind !== kind) node = node.nextSibling as Drawn | null;
    if (node) skipTo(node);
    else {
      node = (tag ? create(tag, parent) : document.createTextNode("")) as Drawn;
      node.kind = kind;
      parent.insertBefore(node, next);
    }
    next = node.nextSibling as Drawn | null;
    if (!tag) {
      if (node.data !== `${each}`) node.data = `${each}`;
      continue;
    }
    const { drawn = {} } = node;
    node.drawn = props;
    for (const name in { ...drawn, ...props }) {
      const value = props[name];
      if (name === "children" || value === drawn[name]) continue;
      if (name.startsWith("on")) node[name.toLowerCase()] = value;
      // What an aria- attribute says may be "false".
      else if (value == null || (value === false && name[4] !== "-")) node.removeAttribute(name);
      else node.setAttribute(name, value === true && name[4] !== "-" ? "" : `${value}`);
    }
    render(props.children, node);
  }
  skipTo(null);
};

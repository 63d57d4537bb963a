import type { JSX as Preact, SignalLike } from "preact";

/**
 * What JSX compiles to, and how it gets into the page: 0.5 kB in the place of Preact's 3.8, more than half of what a visitor
 * would load. The widget has no state in components, no contexts and no hooks: a component is a function that is called.
 */

export type Child = Drawing | string | number | boolean | null | undefined | Child[];
type Own = { children?: Child; key?: string };
type Props = { [name: string]: unknown } & Own;

/** What an element should be. */
interface Drawing {
  tag: string;
  /** Tells it from its siblings of the same tag. */
  key: string;
  props: Props;
}

/** What Preact does not set as the attribute of that name; and `style`, which a page's policy may forbid. */
type Refused =
  | "className"
  | "dangerouslySetInnerHTML"
  | "defaultChecked"
  | "defaultMuted"
  | "defaultValue"
  | "htmlFor"
  | "ref"
  | "srcObject"
  | "style";

/** What begins with an "o" is a handler, which `render` sets as a property: the element must have one. */
type Known<Name> = Name extends `o${string}`
  ? Lowercase<Name> extends keyof GlobalEventHandlers
    ? Name
    : never
  : Exclude<Name, Refused | keyof Own>;

/** Preact's, of which only the types are taken, without its signals. */
type Attributes<Theirs> = {
  [Name in keyof Theirs as Known<Name>]: Exclude<Theirs[Name], SignalLike<unknown>>;
} & Own;

/** Read by the compiler. */
export declare namespace JSX {
  type Element = Child;
  type IntrinsicElements = {
    [Tag in keyof Preact.IntrinsicElements]: Attributes<Preact.IntrinsicElements[Tag]>;
  };
  interface ElementChildrenAttribute {
    children: Child;
  }
  interface IntrinsicAttributes {
    key?: string;
  }
}

/** The element that a component returns is told from its siblings by the component's key too. */
export const jsx = (tag: string | ((props: never) => Child), props: Props, key = ""): Child => {
  if (typeof tag === "string") return { tag, props, key };
  const child = tag(props as never);
  return key && child ? { ...(child as Drawing), key } : child;
};
export const jsxs = jsx;
export const Fragment = ({ children }: { children: Child }): Child => children;

const svg = "http://www.w3.org/2000/svg";

/** A node as it was drawn last; a text has no tag. */
type Drawn = Element & Text & Record<string, unknown> & { kind?: string; drawn?: Props };

const create = (tag: string, parent: Node): Node => {
  const isSvg = tag === "svg" || (parent as Element).namespaceURI === svg;
  return isSvg ? document.createElementNS(svg, tag) : document.createElement(tag);
};

/**
 * Makes the children of `parent` what they should be. What was there stays where tag and key are the same, in order: with its
 * focus, and with what was typed into it.
 */
export const render = (child: Child, parent: Node): void => {
  let next = parent.firstChild as Drawn | null;
  const skipTo = (wanted: Drawn | null) => {
    while (next && next !== wanted) {
      const { nextSibling } = next;
      parent.removeChild(next);
      next = nextSibling as Drawn | null;
    }
  };
  const draw = (each: Child): void => {
    if ((!each && each !== 0) || each === true) return;
    // A list: pages replace `Array.isArray` by one that takes a text for one.
    if ((each as Child[]).pop) {
      for (const one of each as Child[]) draw(one);
      return;
    }
    const { tag = "", key = "", props = {} } = each as Partial<Drawing>;
    const kind = `${tag} ${key}`;
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
      return;
    }
    const { drawn = {} } = node;
    node.drawn = props;
    for (const name in { ...drawn, ...props }) {
      const value = props[name];
      if (name === "children" || value === drawn[name]) continue;
      // "on…"; no attribute that is drawn begins so.
      if (name[0] === "o") node[name.toLowerCase()] = value;
      // What an aria- attribute says may be "false".
      else if (value == null || (value === false && name[4] !== "-")) node.removeAttribute(name);
      else node.setAttribute(name, value === true && name[4] !== "-" ? "" : `${value}`);
    }
    render(props.children, node);
  };
  draw(child);
  skipTo(null);
};

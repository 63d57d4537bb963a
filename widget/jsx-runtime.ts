import type { JSX as Preact, SignalLike } from "preact";

/**
 * The functions that JSX compiles to, and the renderer. They cost 0.5 kB. Preact would cost 3.8 kB, more than half of
 * what a visitor loads. The widget needs no component state, contexts or hooks: a component is a plain function.
 */

export type Child = Drawing | string | number | boolean | null | undefined | Child[];
type Own = { children?: Child; key?: string };
type Props = { [name: string]: unknown } & Own;

/** An element as it should be drawn. */
interface Drawing {
  tag: string;
  /** Distinguishes it from siblings with the same tag. */
  key: string;
  props: Props;
}

/** Names that Preact does not set as the attribute of that name, and `style`, which a page's policy may forbid. */
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

/** A name that starts with "o" is a handler. `render` sets it as a property, so the element must have that property. */
type Known<Name> = Name extends `o${string}`
  ? Lowercase<Name> extends keyof GlobalEventHandlers
    ? Name
    : never
  : Exclude<Name, Refused | keyof Own>;

/** Preact's attributes without its signals. Only types are imported. */
type Attributes<Theirs> = {
  [Name in keyof Theirs as Known<Name>]: Exclude<Theirs[Name], SignalLike<unknown>>;
} & Own;

/** The compiler reads this namespace. */
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

/** A component's key is passed to the element that it returns. */
export const jsx = (tag: string | ((props: never) => Child), props: Props, key = ""): Child => {
  if (typeof tag === "string") return { tag, props, key };
  const child = tag(props as never);
  return key && child ? { ...(child as Drawing), key } : child;
};
export const jsxs = jsx;

const svg = "http://www.w3.org/2000/svg";

/** A node with what was last drawn into it; a text node has an empty tag. */
type Drawn = Element & Text & Record<string, unknown> & { kind?: string; drawn?: Props };

const create = (tag: string, parent: Node): Node => {
  const isSvg = tag === "svg" || (parent as Element).namespaceURI === svg;
  return isSvg ? document.createElementNS(svg, tag) : document.createElement(tag);
};

/**
 * Makes the children of `parent` match `child`. A node stays, with its focus and its typed text, if tag and key match
 * in the same order.
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
    // Only a list has `pop`. Pages replace `Array.isArray` by a version that accepts strings.
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
      // An "on…" handler: no attribute that is drawn starts with "o".
      if (name[0] === "o") node[name.toLowerCase()] = value;
      // An aria- attribute may have the value "false".
      else if (value == null || (value === false && name[4] !== "-")) node.removeAttribute(name);
      else node.setAttribute(name, value === true && name[4] !== "-" ? "" : `${value}`);
    }
    render(props.children, node);
  };
  draw(child);
  skipTo(null);
};

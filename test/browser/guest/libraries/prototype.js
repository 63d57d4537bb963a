// What a page with Prototype.js 1.7.3 finds replaced or added, written anew from its documentation: its names, enumerable
// as its own are, and its ways of leaving arguments and results out.
(() => {
  const extend = (to, from) => {
    for (const name in from) to[name] = from[name];
    return to;
  };
  /** $A: knows nothing of iterables, nor of a second argument. */
  const toArray = (item) => {
    if (!item) return [];
    if ("toArray" in Object(item)) return item.toArray();
    const copy = new Array(item.length || 0);
    for (let index = 0; index < copy.length; index++) copy[index] = item[index];
    return copy;
  };
  const same = (value) => value;

  extend(Object, {
    extend,
    inspect: (value) => (value == null ? String(value) : value.inspect ? value.inspect() : String(value)),
    toJSON: (value) => JSON.stringify(value),
    toQueryString: (value) => Object.keys(value).join("&"),
    values: (value) => {
      const found = [];
      for (const name in value) found.push(value[name]);
      return found;
    },
    clone: (value) => extend({}, value),
    isElement: (value) => value?.nodeType === 1,
    isFunction: (value) => typeof value === "function",
    isString: (value) => typeof value === "string",
    isUndefined: (value) => value === undefined,
  });

  const enumerable = {
    each(iterator, context) {
      for (let index = 0; index < this.length; index++) iterator.call(context, this[index], index);
      return this;
    },
    collect(iterator = same, context) {
      const results = [];
      this.each((value, index) => results.push(iterator.call(context, value, index, this)));
      return results;
    },
    detect(iterator, context) {
      let found;
      let isFound = false;
      this.each((value, index) => {
        if (isFound || !iterator.call(context, value, index, this)) return;
        found = value;
        isFound = true;
      });
      return found;
    },
    findAll(iterator = same, context) {
      const results = [];
      this.each((value, index) => {
        if (iterator.call(context, value, index, this)) results.push(value);
      });
      return results;
    },
    all(iterator = same, context) {
      return this.findAll(iterator, context).length === this.length;
    },
    any(iterator = same, context) {
      return this.findAll(iterator, context).length > 0;
    },
    include(wanted) {
      return this.any((value) => value === wanted);
    },
    inject(memo, iterator, context) {
      let kept = memo;
      this.each((value, index) => {
        kept = iterator.call(context, kept, value, index, this);
      });
      return kept;
    },
    invoke(method, ...given) {
      return this.collect((value) => value[method](...given));
    },
    pluck(name) {
      return this.collect((value) => value[name]);
    },
    toArray() {
      return this.collect();
    },
  };
  const { collect, detect, findAll, all, any, include } = enumerable;
  extend(Array.prototype, enumerable);
  extend(Array.prototype, {
    ...{ map: collect, find: detect, select: findAll, filter: findAll },
    ...{ every: all, some: any, member: include },
    entries: enumerable.toArray,
    clear() {
      this.length = 0;
      return this;
    },
    first() {
      return this[0];
    },
    last() {
      return this[this.length - 1];
    },
    compact() {
      return this.findAll((value) => value != null);
    },
    flatten() {
      return this.inject([], (flat, value) => flat.concat(Array.isArray(value) ? value.flatten() : [value]));
    },
    without(...values) {
      return this.findAll((value) => !values.include(value));
    },
    uniq() {
      return this.inject([], (kept, value) => (kept.include(value) ? kept : kept.concat([value])));
    },
    clone() {
      return this.slice(0);
    },
    inspect() {
      return `[${this.map(Object.inspect).join(", ")}]`;
    },
  });
  const { reverse } = Array.prototype;
  Array.prototype.reverse = function (inline) {
    return reverse.call(inline === false ? this.toArray() : this);
  };
  Array.from = toArray;

  extend(String.prototype, {
    gsub(pattern, replacement) {
      return this.split(pattern).join(replacement);
    },
    strip() {
      return this.replace(/^\s+/, "").replace(/\s+$/, "");
    },
    escapeHTML() {
      return this.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    },
    toArray() {
      return this.split("");
    },
    times(count) {
      return count < 1 ? "" : new Array(count + 1).join(this);
    },
    evalJSON() {
      return JSON.parse(this);
    },
    include(pattern) {
      return this.indexOf(pattern) > -1;
    },
    startsWith(pattern) {
      return this.lastIndexOf(pattern, 0) === 0;
    },
    endsWith(pattern) {
      return this.slice(-pattern.length) === pattern;
    },
    empty() {
      return this === "";
    },
    inspect() {
      return `'${this}'`;
    },
  });

  extend(Number.prototype, {
    times(iterator, context) {
      for (let index = 0; index < this; index++) iterator.call(context, index);
      return this;
    },
    toPaddedString(length, radix) {
      return "0".times(length - this.toString(radix).length) + this.toString(radix);
    },
    round() {
      return Math.round(this);
    },
  });

  const { bind } = Function.prototype;
  extend(Function.prototype, {
    bind(context, ...given) {
      return context === undefined && given.length === 0 ? this : bind.call(this, context, ...given);
    },
    curry(...given) {
      return (...more) => this(...given, ...more);
    },
    delay(seconds, ...given) {
      return setTimeout(() => this(...given), seconds * 1000);
    },
    defer(...given) {
      return this.delay(0.01, ...given);
    },
    methodize() {
      const method = this;
      return function (...given) {
        return method(this, ...given);
      };
    },
  });

  const find = (element) => (typeof element === "string" ? document.getElementById(element) : element);
  const methods = {
    visible: (element) => element.style.display !== "none",
    hide: (element) => {
      element.style.display = "none";
      return element;
    },
    show: (element) => {
      element.style.display = "";
      return element;
    },
    /** Throws where there is no parent, which the browser's own does not. */
    remove: (element) => {
      element.parentNode.removeChild(element);
      return element;
    },
    update: (element, content) => {
      element.innerHTML = content;
      return element;
    },
    replace: (element, content) => {
      element.outerHTML = content;
      return element;
    },
    insert: (element, content) => {
      element.insertAdjacentHTML("beforeend", content);
      return element;
    },
    match: (element, selector) => element.matches(selector),
    select: (element, selector) => toArray(element.querySelectorAll(selector)),
    up: (element, selector) => element.parentElement?.closest(selector || "*"),
    empty: (element) => /^\s*$/.test(element.innerHTML),
    scrollTo: (element) => {
      window.scrollTo(0, element.offsetTop);
      return element;
    },
    observe: (element, name, handler) => {
      element.addEventListener(name, handler, false);
      return element;
    },
    clone: (element, deep) => element.cloneNode(deep),
    identify: (element) => {
      element.id ||= `anonymous_element_${Math.random()}`;
      return element.id;
    },
  };
  for (const name in methods) HTMLElement.prototype[name] = methods[name].methodize();
  const fields = {
    clear: (field) => {
      field.value = "";
      return field;
    },
    disable: (field) => {
      field.disabled = true;
      return field;
    },
    activate: (field) => {
      field.focus();
      return field;
    },
  };
  for (const kind of [HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement])
    for (const name in fields) kind.prototype[name] = fields[name].methodize();

  /** new Element("a", { href: … }); what the browser's own had is copied. */
  const native = window.Element;
  function Made(tag, attributes = {}) {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    return element;
  }
  window.Element = Made;
  extend(window.Element, native);
  window.Element.prototype = native.prototype;
  window.Element.Methods = methods;

  extend(Event.prototype, {
    stop() {
      this.preventDefault();
      this.stopPropagation();
      this.stopped = true;
    },
    element() {
      return this.target;
    },
  });
  extend(window, {
    Prototype: { Version: "1.7.3", K: same, emptyFunction() {} },
    ...{ $: find, $A: toArray, $F: (field) => find(field).value },
    $w: (text) => text.strip().split(/\s+/),
    $$: (selector) => toArray(document.querySelectorAll(selector)),
  });
})();

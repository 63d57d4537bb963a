// What the browser's half of MooTools 1.4.5 replaces or adds, on top of the half that is on npm; written anew from its
// documentation.
(() => {
  const { Browser = {} } = window;
  window.Browser = Browser;
  Browser.Element = window.Element;
  document.window = window;
  document.html = document.documentElement;
  document.id = (element) => (typeof element === "string" ? document.getElementById(element) : element);
  window.$ = document.id;
  window.$$ = (selector) => Array.from(document.querySelectorAll(selector));

  function ElementType(tag, properties) {
    const element = document.createElement(tag);
    return properties ? element.set(properties) : element;
  }
  ElementType.prototype = Browser.Element.prototype;
  window.Element = ElementType;
  new window.Type("Element", ElementType);
  const setAll = (element, properties) => {
    for (const name of Object.keys(properties)) element.setProperty(name, properties[name]);
    return element;
  };
  const storages = new WeakMap();
  ElementType.implement({
    set(name, value) {
      return typeof name === "object" ? setAll(this, name) : this.setProperty(name, value);
    },
    get(name) {
      return this.getProperty(name);
    },
    setProperty(name, value) {
      this.setAttribute(name, value);
      return this;
    },
    getProperty(name) {
      return this.getAttribute(name);
    },
    getElement(selector) {
      return this.querySelector(selector);
    },
    getElements(selector) {
      return Array.from(this.querySelectorAll(selector));
    },
    getChildren() {
      return Array.from(this.children);
    },
    getParent() {
      return this.parentNode;
    },
    match(selector) {
      return this.matches(selector);
    },
    /** Not itself, which for the browser's own an element contains. */
    contains(element) {
      return this !== element && Boolean(this.compareDocumentPosition(element) & 16);
    },
    hasClass(name) {
      return this.classList.contains(name);
    },
    adopt(...children) {
      for (const child of children) this.appendChild(child);
      return this;
    },
    inject(element) {
      element.appendChild(this);
      return this;
    },
    dispose() {
      return this.parentNode ? this.parentNode.removeChild(this) : this;
    },
    empty() {
      for (const child of Array.from(this.childNodes)) this.removeChild(child);
      return this;
    },
    destroy() {
      this.empty().dispose();
      return null;
    },
    clone(deep) {
      return this.cloneNode(deep !== false);
    },
    store(name, value) {
      storages.set(this, { ...storages.get(this), [name]: value });
      return this;
    },
    retrieve(name) {
      return storages.get(this)?.[name];
    },
    addEvent(name, handler) {
      this.addEventListener(name, (event) => handler.call(this, new window.DOMEvent(event)), false);
      return this;
    },
    fireEvent() {
      return this;
    },
    scrollTo(x, y) {
      this.scrollLeft = x;
      this.scrollTop = y;
      return this;
    },
    getSize() {
      return { x: this.offsetWidth, y: this.offsetHeight };
    },
  });

  /** With it for 1.3, the browser's own Event is gone. */
  window.DOMEvent = function (event) {
    this.event = event;
    this.type = event?.type;
    this.target = event?.target;
    this.stop = () => {
      event.preventDefault();
      event.stopPropagation();
      return this;
    };
  };
  window.Event = window.DOMEvent;
  Object.assign(JSON, { encode: JSON.stringify, decode: (text) => JSON.parse(text), secure: true });
  window.Cookie = { read: () => null, write() {} };
  Function.prototype.bindWithEvent = function (bind) {
    return (event) => this.call(bind, event);
  };
})();

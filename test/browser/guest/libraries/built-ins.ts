/**
 * The built-ins that old libraries and polyfills replace, and how they break them: scripts that a page runs before
 * Candor's. They ignore arguments and results, implement an older standard, or throw.
 */
export const BROKEN: Readonly<Record<string, string>> = {
  "Array.from": "Array.from = (items) => (items == null ? [] : [].slice.call(items));",
  "Array.isArray": "Array.isArray = (value) => Boolean(value) && typeof value.length === 'number';",
  "Array.prototype.at": "Array.prototype.at = function (index) { return this[index]; };",
  "Array.prototype.concat":
    "const { concat } = Array.prototype; Array.prototype.concat = function (more) { return concat.call(this, more); };",
  "Array.prototype.entries": "Array.prototype.entries = function () { return this.slice(); };",
  "Array.prototype.every":
    "Array.prototype.every = function (holds) { for (var i = 0; i < this.length; i++) if (!holds(this[i])) return false; return true; };",
  "Array.prototype.filter":
    "Array.prototype.filter = function (holds) { var kept = []; for (var i = 0; i < this.length; i++) if (holds(this[i])) kept.push(this[i]); return kept; };",
  // Returns indexes or false, like a snippet that was copied from page to page before the standard.
  "Array.prototype.find":
    "Array.prototype.find = function (is) { var found = []; for (var i = 0; i < this.length; i++) if (is(this[i])) found.push(i); return found.length > 0 && found; };",
  "Array.prototype.flat":
    "Array.prototype.flat = function () { return Array.prototype.concat.apply([], this); };",
  "Array.prototype.forEach":
    "Array.prototype.forEach = function (work) { for (var i in this) work(this[i]); return this; };",
  "Array.prototype.includes":
    "Array.prototype.includes = function (wanted) { for (var i in this) if (this[i] == wanted) return true; return false; };",
  "Array.prototype.indexOf":
    "Array.prototype.indexOf = function (wanted) { for (var i = 0; i < this.length; i++) if (this[i] == wanted) return i; return -1; };",
  "Array.prototype.join":
    "const { join } = Array.prototype; Array.prototype.join = function () { return join.call(this, ', '); };",
  "Array.prototype.map":
    "Array.prototype.map = function (work) { var made = []; for (var i = 0; i < this.length; i++) made.push(work(this[i])); return made; };",
  "Array.prototype.push":
    "const { push } = Array.prototype; Array.prototype.push = function (value) { push.call(this, value); return this; };",
  "Array.prototype.slice":
    "const { slice } = Array.prototype; Array.prototype.slice = function (from, to) { return slice.call(this, Math.max(0, from || 0), to); };",
  "Array.prototype.some":
    "Array.prototype.some = function (holds) { for (var i = 0; i < this.length; i++) if (holds(this[i])) return this[i]; };",
  "Array.prototype.toJSON": "Array.prototype.toJSON = function () { return '[' + this.join(', ') + ']'; };",
  "Array.prototype.toString":
    "Array.prototype.toString = function () { return '[' + this.join(' ') + ']'; };",
  "Array.prototype[Symbol.iterator]":
    "Array.prototype[Symbol.iterator] = function () { var i = 0; return { next: () => ({ value: this[i], done: this[i++] === undefined }) }; };",
  "NodeList.prototype[Symbol.iterator]": "delete NodeList.prototype[Symbol.iterator];",

  "Object.assign":
    "Object.assign = (to, from) => { for (var name in from) to[name] = from[name]; return to; };",
  "Object.entries":
    "Object.prototype.inherited = 1; Object.entries = (of) => { var all = []; for (var name in of) all.push([name, of[name]]); return all; };",
  "Object.fromEntries": "Object.fromEntries = (pairs) => ({ ...pairs });",
  "Object.keys":
    "Object.prototype.inherited = 1; Object.keys = (of) => { var names = []; for (var name in of) names.push(name); return names; };",
  "Object.values":
    "Object.values = (of) => { var all = []; for (var name in of) all.push(of[name]); return all; };",
  "Object.prototype.toJSON": "Object.prototype.toJSON = function () { return String(this); };",

  "JSON.stringify": "JSON.stringify = () => { throw new Error('cyclic'); };",
  "JSON.parse": "JSON.parse = (text) => (0, eval)('(' + text + ')');",

  "String.prototype.match":
    "const { match } = String.prototype; String.prototype.match = function (it) { return match.call(this, it) || []; };",
  "String.prototype.padStart":
    "String.prototype.padStart = function (length) { return ' '.repeat(Math.max(0, length - this.length)) + this; };",
  // Inserts a function in second place as text, as browsers did before they called it.
  "String.prototype.replace":
    "const { replace } = String.prototype; String.prototype.replace = function (what, by) { return replace.call(this, what, String(by)); };",
  "String.prototype.slice":
    "String.prototype.slice = function (from, to) { return this.substring(from, to); };",
  "String.prototype.split":
    "const { split } = String.prototype; String.prototype.split = function (by) { return split.call(this, String(by)); };",
  "String.prototype.startsWith":
    "String.prototype.startsWith = function (text) { return this.indexOf(text) > -1; };",
  "String.prototype.toJSON": "String.prototype.toJSON = function () { return '\"' + this + '\"'; };",
  "String.prototype.trim":
    "const { replace: trimmed } = String.prototype; String.prototype.trim = function () { return trimmed.call(this, /^ +/, ''); };",

  Number: "window.Number = (value) => parseInt(value, 10);",
  "Number.prototype.toJSON": "Number.prototype.toJSON = function () { return String(this); };",
  "Number.prototype.toString":
    "const { toString } = Number.prototype; Number.prototype.toString = function () { return toString.call(this); };",
  "Math.random": "Math.random = () => 0.5;",
  "crypto.getRandomValues":
    "const { getRandomValues } = crypto; crypto.getRandomValues = (array) => { getRandomValues.call(crypto, array); };",

  Date: "const Real = Date, began = Date.now(); window.Date = class extends Real { constructor(...given) { super(...(given.length ? given : [began])); } }; Date.now = () => began;",
  "Date.now": "Date.now = () => new Date();",
  "Date.parse":
    "const { parse } = Date; Date.parse = (text) => (/\\.\\d+Z$/.test(text) ? null : new Date(parse(text)));",
  "Date.prototype.toISOString":
    "const iso = Date.prototype.toISOString; Date.prototype.toISOString = function () { return '\"' + iso.call(this).replace(/\\.\\d+/, '') + '\"'; };",
  "Date.prototype.toJSON":
    "Date.prototype.toJSON = function () { return '/Date(' + this.getTime() + ')/'; };",
  "Date.prototype.toString": "Date.prototype.toString = function (format) { return format.toUpperCase(); };",

  "Function.prototype.bind":
    "Function.prototype.bind = function (context) { var work = this; return function () { return work.apply(context); }; };",

  // Calls back synchronously, and has no catch, finally or chaining.
  Promise: `window.Promise = function (work) {
    var waiting = [], kept;
    this.then = (use) => { if (kept) use(kept[0]); else waiting.push(use); };
    work((value) => { kept ||= [value]; for (var use of waiting.splice(0)) use(value); }, () => {});
  };`,
  "Promise.prototype.catch": "delete Promise.prototype.catch;",
  fetch: `window.fetch = (url, { method = "GET", body } = {}) => new Promise((done, failed) => {
    var request = new XMLHttpRequest();
    request.open(method, url);
    request.onload = () => done({ ok: request.status < 300, status: request.status, json: async () => JSON.parse(request.responseText) });
    request.onerror = () => failed(new TypeError("no network"));
    request.send(body);
  });`,
  "fetch with keepalive":
    "const real = fetch; window.fetch = (url, options) => { if (options && options.keepalive) throw new TypeError('keepalive'); return real(url, options); };",

  "Element.prototype.append":
    "Element.prototype.append = function (html) { this.insertAdjacentHTML('beforeend', html); return this; };",
  "Element.prototype.attachShadow":
    "const { attachShadow } = Element.prototype; Element.prototype.attachShadow = function () { return attachShadow.call(this, { mode: 'open', delegatesFocus: true }); };",
  "Element.prototype.closest":
    "Element.prototype.closest = function (selector) { for (var at = this.parentElement; at; at = at.parentElement) if (at.matches(selector)) return at; };",
  "Element.prototype.getAttribute":
    "const { getAttribute } = Element.prototype; Element.prototype.getAttribute = function (name) { return getAttribute.call(this, name) || ''; };",
  "Element.prototype.getBoundingClientRect":
    "const { getBoundingClientRect } = Element.prototype; Element.prototype.getBoundingClientRect = function () { var { left, top, right, bottom } = getBoundingClientRect.call(this); return { left, top, right, bottom }; };",
  "Element.prototype.matches":
    "Element.prototype.matches = function (selector) { return [].indexOf.call(document.querySelectorAll(selector), this) > -1; };",
  "Element.prototype.prepend":
    "Element.prototype.prepend = function (html) { this.insertAdjacentHTML('afterbegin', html); return this; };",
  "Element.prototype.querySelector":
    "Element.prototype.querySelector = function (selector) { return document.querySelector(selector); };",
  "Element.prototype.remove":
    "Element.prototype.remove = function (child) { this.removeChild(child); return this; };",
  "Element.prototype.removeAttribute":
    "Element.prototype.removeAttribute = function (name) { this.setAttribute(name, ''); };",
  "Element.prototype.setAttribute":
    "const { setAttribute } = Element.prototype; Element.prototype.setAttribute = function (name, value) { if (value) setAttribute.call(this, name, value); };",
  "Node.prototype.appendChild":
    "const { appendChild } = Node.prototype; Node.prototype.appendChild = function (child) { appendChild.call(this, child); };",
  "Node.prototype.contains":
    "const { contains } = Node.prototype; Node.prototype.contains = function (node) { return node !== this && contains.call(this, node); };",
  "Node.prototype.insertBefore":
    "const { insertBefore } = Node.prototype; Node.prototype.insertBefore = function (child, next) { insertBefore.call(this, child, next); };",
  "Node.prototype.removeChild":
    "const { removeChild } = Node.prototype; Node.prototype.removeChild = function (child) { removeChild.call(this, child); };",
  "document.createElement":
    "const made = {}, create = document.createElement; document.createElement = (tag) => (made[tag] ??= create.call(document, tag)).cloneNode();",
  "document.createElementNS": "document.createElementNS = (space, tag) => document.createElement(tag);",
  "document.elementsFromPoint": "document.elementsFromPoint = () => null;",
  "document.querySelector":
    "const { querySelector } = document; document.querySelector = (selector) => { if (selector.includes(':')) throw new SyntaxError(selector); return querySelector.call(document, selector); };",
  "document.querySelectorAll":
    "const all = document.querySelectorAll; document.querySelectorAll = (selector) => [].slice.call(all.call(document, selector));",
  getComputedStyle: "window.getComputedStyle = () => null;",

  CustomEvent:
    "window.CustomEvent = function () { throw new TypeError('Object does not support this action'); };",
  Event: "window.Event = function (event) { this.event = event; this.type = event.type; };",
  "Event.prototype.composedPath": "delete Event.prototype.composedPath;",
  // The third argument used to be only the capture flag.
  "EventTarget.prototype.addEventListener":
    "const { addEventListener: listen } = EventTarget.prototype; EventTarget.prototype.addEventListener = function (name, heard, options) { return listen.call(this, name, heard, Boolean(options)); };",
  IntersectionObserver:
    "const Sight = IntersectionObserver; window.IntersectionObserver = class extends Sight { constructor(seen) { super((entries, observer) => seen(entries.map(({ intersectionRatio, target }) => ({ intersectionRatio, target })), observer)); } };",
  MutationObserver: "window.MutationObserver = function () { throw new TypeError('Illegal constructor'); };",

  // Storage is full: every write throws.
  localStorage:
    "for (let size = 1e6; size >= 1; size /= 10) try { for (let n = 0; ; n++) localStorage['full' + size + '.' + n] = 'x'.repeat(size); } catch {}",
  Map: "window.Map = function () { var kept = {}; this.get = (key) => kept[key]; this.set = (key, value) => { kept[key] = value; }; this.has = (key) => key in kept; };",
  requestAnimationFrame: "window.requestAnimationFrame = () => 0;",
  requestIdleCallback: "window.requestIdleCallback = (work) => setTimeout(work, 1);",
  setInterval: "const every = setInterval; window.setInterval = (work, ms) => ({ id: every(work, ms) });",
  setTimeout: "const later = setTimeout; window.setTimeout = (work, ms) => later(() => work(), ms);",
};

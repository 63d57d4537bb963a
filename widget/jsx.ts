/** What JSX compiles to. Preact's own runtime brings a second createElement, 70 bytes that no survey needs. */
export { createElement as jsx, createElement as jsxs, Fragment } from "preact";

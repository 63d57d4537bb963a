import { parse, start } from "./candor.ts";

/** The folder of this build's modules, set by the build. */
declare const BUILD: string;
/** The dated behaviour of this build, set by the build. */
declare const ASK_VERSION: string;

type Candor = ((...call: unknown[]) => unknown) & {
  /** Calls that the page's stub queued before this script ran; 0 once it runs. */
  q?: unknown[][] | 0;
};

const { candor } = window as { candor?: Candor };

// `window.candor` may also be an element with this id, or a form with a field named q.
if (candor?.q !== 0) {
  // document.currentScript is null in a module.
  const { src, dataset } = (document.currentScript ??
    document.querySelector("script[data-key]")) as HTMLScriptElement;
  const [base] = src.match(/.*v1\//) as [string];
  // import() instead of a script element, because Trusted Types forbid setting `src`.
  const run = start(base, (name) => import(`${base}${BUILD}/${name}.js`), {
    version: ASK_VERSION,
    ...dataset,
    properties: parse(dataset.properties),
  }) as Candor;
  run.q = 0;
  (window as { candor?: Candor }).candor = run;
  (candor?.q as unknown[][] | undefined)?.map?.((call) => run(...call));
}

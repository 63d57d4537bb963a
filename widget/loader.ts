import { parse, start } from "./candor.ts";

/** Folder of this build's modules; the build puts it in. */
declare const BUILD: string;
/** The dated behaviour that this build knows; the build puts it in. */
declare const ASK_VERSION: string;

type Candor = ((...call: unknown[]) => unknown) & {
  /** Calls from before this script ran, as the page's stub keeps them; 0: it runs. */
  q?: unknown[][] | 0;
};

const { candor } = window as { candor?: Candor };

// An element of the page with this id would be found there too, and a form's field called q.
if (candor?.q !== 0) {
  // A module has no current script.
  const { src, dataset } = (document.currentScript ??
    document.querySelector("script[data-key]")) as HTMLScriptElement;
  const [base] = src.match(/.*v1\//) as [string];
  // import() and not a script element: Trusted Types forbid setting `src`.
  const run = start(base, (name) => import(`${base}${BUILD}/${name}.js`), {
    version: ASK_VERSION,
    ...dataset,
    properties: parse(dataset.properties),
  }) as Candor;
  run.q = 0;
  (window as { candor?: Candor }).candor = run;
  (candor?.q as unknown[][] | undefined)?.map?.((call) => run(...call));
}

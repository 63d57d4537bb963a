import type { PageData, PageTouchpoint } from "../shared/contract/dashboard.ts";

/** What the worker wrote into the page. */
const read = (): PageData => JSON.parse(document.getElementById("page")?.textContent ?? "{}");

export const page: PageData = read();

/** Where all views of this workspace begin. */
const base = `/app/w/${page.workspace.id}`;

/** The address of a view, such as `/touchpoints/checkout`; "" is home. */
export const at = (path: string, query = ""): string => `${base}${path}${query}`;

export const touchpointNamed = (name: string): PageTouchpoint | undefined =>
  page.touchpoints?.find((touchpoint) => touchpoint.name === name);

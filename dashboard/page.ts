import { signal } from "@preact/signals";
import type { PageData, PageTouchpoint } from "../shared/contract/dashboard.ts";

/** What the worker wrote into the page. */
const read = (): PageData => JSON.parse(document.getElementById("page")?.textContent ?? "{}");

const { touchpoints, surveys, key, ...fixed } = read();
const changing = signal({ touchpoints, surveys, key });

/** What the worker wrote into the page, and what was made since. A view is drawn anew when what it reads of it changes. */
export const page: PageData = {
  ...fixed,
  get touchpoints() {
    return changing.value.touchpoints;
  },
  get surveys() {
    return changing.value.surveys;
  },
  get key() {
    return changing.value.key;
  },
};

/** Keeps what was made or changed, so that it is in the page as if it had been there from the start. */
export function keep(changed: Partial<Pick<PageData, "touchpoints" | "surveys" | "key">>): void {
  changing.value = { ...changing.peek(), ...changed };
}

/** Where all views of this workspace begin. */
const base = `/app/w/${page.workspace.id}`;

/** The address of a view, such as `/touchpoints/checkout`; "" is home. */
export const at = (path: string, query = ""): string => `${base}${path}${query}`;

/** The touchpoints of sample data, by their names. */
export const samples: ReadonlySet<string> = new Set(
  page.touchpoints?.filter(({ sample }) => sample).map(({ name }) => name),
);

export const touchpointNamed = (name: string): PageTouchpoint | undefined =>
  page.touchpoints?.find((touchpoint) => touchpoint.name === name);

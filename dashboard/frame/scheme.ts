import { signal } from "@preact/signals";

/** How the dashboard looks on this device: as the system does, unless somebody chose. */
type Scheme = "system" | "light" | "dark";

const schemes: readonly Scheme[] = ["system", "light", "dark"];
const stored = schemes.find((one) => one === localStorage.getItem("scheme"));
export const scheme = signal<Scheme>(stored ?? "system");

/** Puts the choice onto the document, for the tokens to read. */
export function showScheme(): void {
  const { dataset } = document.documentElement;
  if (scheme.value === "system") delete dataset.scheme;
  else dataset.scheme = scheme.value;
}

export function nextScheme(): void {
  scheme.value = schemes[(schemes.indexOf(scheme.value) + 1) % schemes.length] ?? "system";
  localStorage.setItem("scheme", scheme.value);
  showScheme();
}

/** Families of browsers, those first whose name others of the list carry too. */
const browsers: readonly (readonly [string, RegExp])[] = [
  ["Edge", /\bEdg(A|iOS)?\//],
  ["Opera", /\bOPR\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Firefox", /\b(Firefox|FxiOS)\//],
  ["Chrome", /\b(Chrome|CriOS)\//],
  ["Safari", /\bSafari\//],
];
const systems: readonly (readonly [string, RegExp])[] = [
  ["Android", /\bAndroid\b/],
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Windows", /\bWindows\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["macOS", /\bMacintosh\b/],
  ["Linux", /\bLinux\b/],
];

const familyOf = (families: typeof browsers, agent: string) =>
  families.find(([, pattern]) => pattern.test(agent))?.[0];

/** What somebody knows their device by, such as "Firefox on Linux". No version and no model: that would tell more. */
export function deviceOf(agent: string): string {
  const browser = familyOf(browsers, agent) ?? "Another browser";
  const system = familyOf(systems, agent);
  return system ? `${browser} on ${system}` : browser;
}

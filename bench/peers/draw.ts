/** A widget's cost for a visitor, as the README's picture shows it. */
interface Cost {
  name: string;
  /** Compressed, in both directions. */
  bytes: number;
  /** From the start of the page until the question is painted. */
  paintMs: number;
}

const width = 720;
const barHeight = 22;
const rowHeight = 34;
const [names, values] = [150, 470];

/** The bars of one measure, each with its figure. */
function bars(
  costs: readonly Cost[],
  top: number,
  title: string,
  of: (cost: Cost) => number,
  text: (cost: Cost) => string,
) {
  const longest = Math.max(...costs.map(of));
  const rows = costs.map((cost, index) => {
    const y = top + 34 + index * rowHeight;
    const length = Math.max(2, Math.round((of(cost) / longest) * values));
    return `<text x="${names - 12}" y="${y + 16}" text-anchor="end">${cost.name}</text>
<rect x="${names}" y="${y}" width="${length}" height="${barHeight}" rx="3"${index === 0 ? ' class="own"' : ""}/>
<text x="${names + length + 8}" y="${y + 16}">${text(cost)}</text>`;
  });
  return [`<text x="${names}" y="${top + 18}" class="title">${title}</text>`, ...rows].join("\n");
}

/** Draws bytes and time until an NPS question is seen as SVG, Candor first. */
export function drawCosts(measured: readonly Cost[]): string {
  // The name without its version, which is in the table.
  const costs = measured.map((cost) => ({ ...cost, name: cost.name.replace(/ \(.*/, "") }));
  const part = 34 + costs.length * rowHeight + 14;
  const told = costs
    .map(({ name, bytes, paintMs }) => `${name} ${kB(bytes)}, ${seconds(paintMs)}`)
    .join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${2 * part + 10}" role="img" aria-label="What a visitor loads and waits for until a question is seen: ${told}">
<style>svg{background:#fff}text{font:14px system-ui,sans-serif;fill:#1a1f36}.title{font-weight:600}rect{fill:#b9c0cf}.own{fill:#3b5bdb}</style>
${bars(
  costs,
  8,
  "bytes until the question is seen",
  ({ bytes }) => bytes,
  ({ bytes }) => kB(bytes),
)}
${bars(
  costs,
  8 + part,
  "time until it is painted on a slow network and CPU",
  ({ paintMs }) => paintMs,
  ({ paintMs }) => seconds(paintMs),
)}
</svg>
`;
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

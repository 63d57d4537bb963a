import { glob, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";

/**
 * The rooms of the worker, storey by storey from the ground up. A room imports only rooms that are earlier in the list,
 * never one on its own storey or above. So `http`, `html`, `db` and `secrets` know no domain. A file directly in
 * `worker/` is a room of its own.
 */
export const storeys: readonly (readonly string[])[] = [
  ["db", "secrets"],
  ["environment", "cache", "log"],
  ["http", "html"],
  ["audit"],
  ["people", "workspaces"],
  ["surveys"],
  ["rollup"],
  ["asking"],
  ["invitations"],
  ["responses", "scores"],
  ["links"],
  ["mail"],
  ["erasures", "deployment", "members", "dashboard", "samples"],
  ["app", "scheduled"],
  ["index"],
  ["demo"],
];

export const roomOf = (file: string): string => file.replace(/^worker\//, "").replace(/\/.*|\.tsx?$/g, "");

/** For each file, the project's files that it imports, types included. */
type Imports = ReadonlyMap<string, readonly string[]>;

interface Import {
  file: string;
  /** `*`: all; empty: the file is only run. */
  names: readonly string[];
}

const imported =
  /\b(?:import|export)\s+(?:type\s+)?(\w+)?(?:\s*,\s*)?(?:(\*)(?:\s+as\s+\w+)?|\{([^}]*)\})?\s*from\s+"(\.[^"\n]+)"|\bimport\s*\(\s*"(\.[^"\n]+)"|\bimport\s+"(\.[^"\n]+)"/g;

/** The project's files that a file imports or re-exports, types included. */
export const importsOf = (file: string, text: string): Import[] =>
  [...text.matchAll(imported)].map(([, own, all, list, path, later, run]) => ({
    file: normalize(join(dirname(file), path ?? later ?? run ?? "")).replaceAll("\\", "/"),
    names: [
      ...(own ? ["default"] : []),
      ...(all || later ? ["*"] : []),
      ...(list?.split(",").map((name) => name.trim().replace(/^type\s+|\s+as\s+\w+$/g, "")) ?? []),
    ],
  }));

/** Reads the imports of all files in these folders. */
export async function readImports(...folders: string[]): Promise<Imports> {
  const imports = new Map<string, string[]>();
  for await (const found of glob(folders.map((folder) => `${folder}/**/*.{ts,tsx}`))) {
    const file = found.replaceAll("\\", "/");
    const of = importsOf(file, await readFile(file, "utf8"));
    imports.set(file, [...new Set(of.map((one) => one.file))]);
  }
  return imports;
}

/** Files that import each other in a circle, each circle once. */
export function circlesIn(imports: Imports): string[][] {
  // Tarjan's algorithm: a file from which no earlier file can be reached closes a circle.
  const order = new Map<string, number>();
  const reach = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    order.set(file, order.size);
    reach.set(file, order.get(file) ?? 0);
    open.push(file);
    for (const next of imports.get(file) ?? []) {
      const back = order.has(next) ? (open.includes(next) ? (order.get(next) ?? 0) : Infinity) : visit(next);
      reach.set(file, Math.min(reach.get(file) ?? 0, back));
    }
    const lowest = reach.get(file) ?? 0;
    if (lowest === order.get(file)) {
      const ring = open.splice(open.indexOf(file));
      if (ring.length > 1) circles.push(ring);
      return Infinity;
    }
    return lowest;
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles;
}

const storeyOf = (file: string) => storeys.findIndex((names) => names.includes(roomOf(file)));

/** Pairs of a worker file and a file that it imports from another room. */
const betweenRooms = (imports: Imports): [file: string, other: string][] =>
  [...imports].flatMap(([file, others]) =>
    others
      .filter((other) => other.startsWith("worker/") && roomOf(other) !== roomOf(file))
      .map((other): [string, string] => [file, other]),
  );

/** Imports in the worker that lead upwards, or to a room on the same storey. */
export const upwardImports = (imports: Imports): string[] =>
  betweenRooms(imports)
    .filter(([file, other]) => storeyOf(other) >= storeyOf(file))
    .map((pair) => pair.join(" -> "));

const width = 860;
const storeyHeight = 74;
const box = { width: 118, height: 38 };

/** Pairs of rooms where one imports the other, except pairs that are also connected through other rooms. */
function neighbours(imports: Imports): string[] {
  const below = new Map<string, Set<string>>();
  for (const [file, other] of betweenRooms(imports))
    below.set(roomOf(file), (below.get(roomOf(file)) ?? new Set()).add(roomOf(other)));
  const reaches = (from: string, to: string): boolean =>
    [...(below.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  return [...below].flatMap(([from, direct]) =>
    [...direct]
      .filter((to) => ![...direct].some((other) => other !== to && reaches(other, to)))
      .map((to) => `${from} ${to}`),
  );
}

/** Draws the rooms as SVG, the lowest at the bottom. A line leads to each imported room that is not reached through another. */
export function drawRooms(imports: Imports): string {
  const height = storeys.length * storeyHeight + 20;
  const place = new Map<string, { x: number; y: number }>();
  for (const [level, names] of storeys.entries())
    for (const [index, name] of names.entries())
      place.set(name, {
        // Storeys alternate their direction, so that lines do not overlap.
        x: Math.round(
          (width * (index + 1)) / (names.length + 1) +
            (level % 2 === 0 ? -1 : 1) * 70 * (names.length === 1 ? 2 : 0.6),
        ),
        y: height - level * storeyHeight - 40,
      });
  // Sorted, since the order of files differs between machines.
  const lines = neighbours(imports)
    .sort()
    .flatMap((pair) => {
      const [from, to] = pair.split(" ").map((name) => place.get(name));
      if (!from || !to) return [];
      const [start, end] = [from.y + box.height / 2, to.y - box.height / 2];
      const middle = Math.round((start + end) / 2);
      return `<path d="M${from.x} ${start}C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${end}"/>`;
    });
  const boxes = [...place].map(
    ([name, { x, y }]) =>
      `<rect x="${x - box.width / 2}" y="${y - box.height / 2}" width="${box.width}" height="${box.height}" rx="6"/><text x="${x}" y="${y + 5}">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="The rooms of the worker: each imports only those below it">
<style>svg{background:#fff}path{fill:none;stroke:#8a93a6;stroke-width:1.5}rect{fill:#f4f6fb;stroke:#4a5264}text{font:15px system-ui,sans-serif;text-anchor:middle;fill:#1a1f36}</style>
<g>${lines.join("\n")}</g>
${boxes.join("\n")}
</svg>
`;
}

if (import.meta.main) await writeFile("docs/rooms.svg", drawRooms(await readImports("worker")));

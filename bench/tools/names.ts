import { existsSync } from "node:fs";

/** Every benchmark: the names of their files, in the order in which all of them are run. */
export const benchmarks = [
  "ingest",
  "import",
  "scores",
  "lists",
  "limits",
  "layouts",
  "verify",
  "worker",
  "widget",
  "peers",
  "crash",
  "fuzz",
  "scanners",
  "pages",
  "mails",
  "sending-kills",
] as const;

/** `longer/` has tests of `npm test`, with more of what they do. */
export const fileOf = (name: string): string =>
  existsSync(`bench/${name}.ts`) ? `bench/${name}.ts` : `bench/longer/${name}.ts`;

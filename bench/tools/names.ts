import { existsSync } from "node:fs";

/** The benchmarks by file name, in the order in which all of them are run. */
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
  "dashboard",
  "peers",
  "crash",
  "fuzz",
  "scanners",
  "pages",
  "mails",
  "sending-kills",
] as const;

/** The benchmarks in `longer/` are tests of `npm test` with larger inputs. */
export const fileOf = (name: string): string =>
  existsSync(`bench/${name}.ts`) ? `bench/${name}.ts` : `bench/longer/${name}.ts`;

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

/** One record of a file. */
export interface Source {
  /** From 1; the header of a CSV does not count. */
  row: number;
  record: unknown;
  /** Why the record could not be read; null: it was. */
  fault: string | null;
}

/** Those of a file, before they are numbered. */
export type Records = AsyncGenerator<Omit<Source, "row">>;

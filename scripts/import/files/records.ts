/** One record of a file. */
export interface Source {
  /** Counted from 1, without the header of a CSV. */
  row: number;
  record: unknown;
  /** The titles of columns whose names in the record are others: they have none, or columns before them have the same. */
  titles?: ReadonlyMap<string, string>;
  /** Why the record could not be read; null: it was read. */
  fault: string | null;
}

/** The records of a file, not yet numbered. */
export type Records = AsyncGenerator<Omit<Source, "row">>;

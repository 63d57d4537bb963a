import { createHash } from "node:crypto";

const slots = 2 ** 20;

interface Row {
  id: string;
  /** Unix milliseconds. */
  answered_at: number;
  revision?: number | undefined;
  rating: number;
  comment?: string | null | undefined;
  respondent?: string | null | undefined;
}

/**
 * Tells why a row cannot be the response that came before with its id; null: it is a repeat, a later revision, or new. With
 * another time the id probably identifies a customer and not a response, with another content it was cut or rounded, and all
 * rows but one would be lost. It remembers a million ids, so that memory stays flat: in a longer file some are missed, but
 * hardly a whole column of them.
 */
export function repeats(): (row: Row) => string | null {
  const holders = new Float64Array(slots);
  const times = new Float64Array(slots);
  const revisions = new Float64Array(slots);
  const contents = new Float64Array(slots);
  return ({ id, answered_at: answeredAt, revision = 0, rating, comment, respondent }) => {
    // The id is a hash: its end selects the slot, its beginning identifies the holder.
    const slot = Number.parseInt(id.slice(-5), 16);
    const holder = Number.parseInt(id.slice(0, 8), 16);
    const content = hashOf([rating, comment ?? null, respondent ?? null]);
    const isKnown = holders[slot] === holder;
    const isOtherTime = times[slot] !== answeredAt;
    const isOther = revisions[slot] === revision && contents[slot] !== content;
    holders[slot] = holder;
    times[slot] = answeredAt;
    revisions[slot] = revision;
    contents[slot] = content;
    if (!isKnown || !(isOtherTime || isOther)) return null;
    const other = isOtherTime ? "time" : "rating, comment or respondent";
    return `came before with another ${other}; is it the whole id of a response?`;
  };
}

/** 48 bits, which a number holds. */
const hashOf = (content: unknown): number =>
  createHash("sha256").update(JSON.stringify(content)).digest().readUIntBE(0, 6);

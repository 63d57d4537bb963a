import { createHash, createHmac } from "node:crypto";

/** A row's id, and the one that it had before. */
interface Ids {
  id: string;
  earlier_id: string;
}

/** What a row without an id says: as ids are made of it now, and as earlier ones were. */
interface Said {
  now: object;
  byName: object;
  /** The row as it stands in the file, of which ids were made that needed no secret. */
  record: unknown;
}

/**
 * Derives a response's id, the same in every run, so that a second run changes nothing. It is a UUID version 8 (RFC
 * 9562) of the touchpoint and the id in the source; without one, of what the row says and the number of rows before
 * that say the same. The hash is keyed with the workspace's secret, so that a stranger cannot save a response under that
 * id first. A row has one earlier id: by the names of its columns, where
 * these make another, else without the secret.
 */
export function responseIds(
  secret: string,
): (touchpoint: string, sourceId: string | undefined, said: Said) => Ids {
  const keyed = (one: Buffer) => uuidOf(createHmac("sha256", secret).update(one).digest());
  // Keyed by 48 bits of a hash. If two contents collide, their numbers have gaps, but the ids stay unique.
  const occurrences = new Map<number, number>();
  const countOf = (content: Buffer): number => {
    const short = content.readUIntBE(0, 6);
    const before = occurrences.get(short) ?? 0;
    occurrences.set(short, before + 1);
    return before;
  };
  return (touchpoint, sourceId, said) => {
    if (sourceId !== undefined) {
      const named = digest(touchpoint, "id", sourceId);
      return { id: keyed(named), earlier_id: uuidOf(named) };
    }
    const numbered = (one: Buffer, before: number) =>
      digest(touchpoint, "content", one.toString("hex"), before);
    const content = digest(said.now);
    const before = countOf(content);
    const byName = digest(said.byName);
    return {
      id: keyed(numbered(content, before)),
      earlier_id: byName.equals(content)
        ? uuidOf(numbered(digest(said.record), before))
        : keyed(numbered(byName, countOf(byName))),
    };
  };
}

/** JSON keeps the parts apart: no content of one part can look like two. */
const digest = (...parts: unknown[]): Buffer => createHash("sha256").update(JSON.stringify(parts)).digest();

function uuidOf(hash: Buffer): string {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

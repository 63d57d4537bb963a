import { createHash, createHmac } from "node:crypto";

/** A row's id, and its id from when anybody could compute ids. */
interface Ids {
  id: string;
  earlier_id: string;
}

/**
 * Derives a response's id, the same in every run, so that a second run changes nothing. It is a UUID version 8 (RFC
 * 9562) of the touchpoint and the id in the source; without one, of what the row says and the number of rows before
 * that say the same. `record`: the row as it stands in the file, of which earlier ids were. The hash is keyed with the workspace's secret, so that a stranger cannot save a response under that id first.
 */
export function responseIds(
  secret: string,
): (touchpoint: string, sourceId: string | undefined, said: object, record: unknown) => Ids {
  const idsOf = (now: Buffer, earlier: Buffer): Ids => ({
    id: uuidOf(createHmac("sha256", secret).update(now).digest()),
    earlier_id: uuidOf(earlier),
  });
  // Keyed by 48 bits of a hash. If two contents collide, their numbers have gaps, but the ids stay unique.
  const occurrences = new Map<number, number>();
  return (touchpoint, sourceId, said, record) => {
    if (sourceId !== undefined) {
      const named = digest(touchpoint, "id", sourceId);
      return idsOf(named, named);
    }
    const content = digest(said);
    const short = content.readUIntBE(0, 6);
    const before = occurrences.get(short) ?? 0;
    occurrences.set(short, before + 1);
    const numbered = (one: Buffer) => digest(touchpoint, "content", one.toString("hex"), before);
    return idsOf(numbered(content), numbered(digest(record)));
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

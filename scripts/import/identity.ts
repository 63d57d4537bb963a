import { createHash, createHmac } from "node:crypto";

/** The id of a row, and the one that it had while anybody could work ids out. */
interface Ids {
  id: string;
  earlier_id: string;
}

/**
 * Gives a response the id that it has in every run, so that a second run changes nothing: UUID version 8 (RFC 9562) out of its
 * touchpoint and the id that it has elsewhere, or, without one, its content and how often that came before. By the
 * workspace's secret, so that no stranger saves an answer in its place.
 */
export function responseIds(
  secret: string,
): (touchpoint: string, sourceId: string | undefined, record: unknown) => Ids {
  const idsOf = (...parts: unknown[]): Ids => {
    const earlier = digest(...parts);
    return { id: uuidOf(createHmac("sha256", secret).update(earlier).digest()), earlier_id: uuidOf(earlier) };
  };
  // By 48 bits of a hash: should two contents share them, their numbers have gaps, and their ids are no less unique.
  const occurrences = new Map<number, number>();
  return (touchpoint, sourceId, record) => {
    if (sourceId !== undefined) return idsOf(touchpoint, "id", sourceId);
    const content = digest(record);
    const short = content.readUIntBE(0, 6);
    const before = occurrences.get(short) ?? 0;
    occurrences.set(short, before + 1);
    return idsOf(touchpoint, "content", content.toString("hex"), before);
  };
}

/** JSON keeps the parts apart: whatever one of them holds, it does not look like two. */
const digest = (...parts: unknown[]): Buffer => createHash("sha256").update(JSON.stringify(parts)).digest();

function uuidOf(hash: Buffer): string {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

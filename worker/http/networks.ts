/** The eight groups of an IPv6 address as URLs write it, with at most one `::`. */
const groupsOf = (address: string): number[] => {
  const [head = [], tail = []] = address.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const zeros = new Array<string>(8 - head.length - tail.length).fill("0");
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16));
};

/** The host as URLs write it, one spelling for all spellings of an address. null: not an address. */
const hostOf = (host: string): string | null =>
  URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`).hostname : null;

/**
 * The networks whose limits an address counts towards. An IPv6 user has a whole /64, and may have the /48 around it:
 * both, the narrower first. IPv4, also mapped into IPv6, is one address. Anything else counts as it is.
 */
export const networksOf = (address: string): string[] => {
  const [bare = ""] = address.trim().split("%");
  if (/^[\d.]+$/.test(bare)) return [hostOf(bare) ?? bare];
  const host = bare.includes(":") ? hostOf(`[${bare}]`) : null;
  if (host === null) return [bare];
  const groups = groupsOf(host.slice(1, -1));
  const [, , , , , mark, high = 0, low = 0] = groups;
  if (mark === 0xffff && groups.slice(0, 5).every((group) => group === 0))
    return [[high >> 8, high & 255, low >> 8, low & 255].join(".")];
  return [4, 3].map((count) => {
    const prefix = groups.slice(0, count).map((group) => group.toString(16));
    return `${prefix.join(":")}::/${count * 16}`;
  });
};

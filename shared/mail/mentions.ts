import { canonicalAddress, canonicalSpelling, maxLocal } from "./addresses.ts";

/** `%2540` is `%40` that a link within a link has encoded once more. Of what is no UTF-8, ASCII is decoded. */
const percentDecoded = (text: string): string =>
  text.replace(/%(?:25)+(?=[0-9a-f]{2})/gi, "%").replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run.replace(/%(..)/g, (_, hex) => {
        const code = Number.parseInt(hex, 16);
        return code < 0x80 ? String.fromCharCode(code) : "\ufffd";
      });
    }
  });

/**
 * A letter or digit, with signs that join it to what follows, belongs to a longer local part: joann@, jo.ann@. A sign
 * alone is a bullet or markup. Scripts that put no space between words may stand right before an address in ASCII.
 */
const longer = {
  ascii: /[\p{Script=Latin}\p{M}\p{N}][.\w%+'-]*$/u,
  other: /[\p{L}\p{M}\p{N}][.\w%+'-]*$/u,
};

/** The domains that may begin a text: as far as letters go, and as far as ASCII does where no Latin letter follows. */
const domainsAt = (text: string): string[] =>
  [/^[\p{L}\p{M}\p{N}.。．｡-]+/u, /^[a-z0-9.-]+(?![\p{Script=Latin}\p{M}a-z0-9.-])/u].map(
    (run) => run.exec(text)?.[0].replace(/[.。．｡-]+$/, "") ?? "",
  );
const maxDomain = 255;

/**
 * Whether a text is or contains this address, given in its canonical spelling: in any spelling, also percent-encoded,
 * but not as a part of a longer address.
 */
export function mentions(text: string, address: string): boolean {
  if (canonicalAddress(text) === address) return true;
  const local = address.slice(0, address.lastIndexOf("@"));
  const before = /^[ -~]*$/.test(local) ? longer.ascii : longer.other;
  const plain = percentDecoded(text).normalize("NFC").toLowerCase();
  for (let at = plain.indexOf("@"); at >= 0; at = plain.indexOf("@", at + 1)) {
    const from = at - local.length;
    if (from < 0 || !plain.startsWith(local, from)) continue;
    if (before.test(plain.slice(Math.max(from - maxLocal, 0), from))) continue;
    const domains = domainsAt(plain.slice(at + 1, at + 1 + maxDomain));
    if (domains.some((domain) => canonicalAddress(`${local}@${domain}`) === address)) return true;
  }
  return false;
}

/**
 * The spelling under which a claimed respondent is kept. Mail tools also write an address with its owner's name, in
 * angle brackets, as a mailto link, or encoded twice.
 */
export function claimedSpelling(given: string): string {
  const plain = percentDecoded(given).trim();
  const [, bracketed = plain] = /<([^<>]*)>$/.exec(plain) ?? [];
  return canonicalAddress(bracketed.trim().replace(/^mailto:/i, "")) ?? canonicalSpelling(given);
}

import { addressProblem, canonicalAddress, canonicalSpelling, maxLocal } from "./addresses.ts";

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

/** JSON's \u002b is + and its \/ is /, also in a text within a text, which doubles the backslash. */
const jsonDecoded = (text: string): string =>
  text.replace(
    /(?<!\\)\\+(?:u([0-9a-fA-F]{4})|(?=\/))/g,
    (_, hex = "") => hex && String.fromCharCode(Number.parseInt(hex, 16)),
  );

/** HTML's names for what addresses are made of. */
const named = { commat: "@", period: ".", plus: "+", lowbar: "_", apos: "'" };
const isNamed = (name: string): name is keyof typeof named => Object.hasOwn(named, name);

/** HTML's references by number and by name: &#64;, &#x40; and &commat; are @, also encoded once more: &amp;#64;. */
const referencesDecoded = (text: string): string =>
  text
    .replace(/&(?:amp;)+/g, "&")
    .replace(/&#(?:0*(\d{1,6})|x0*([0-9a-f]{1,5}));/gi, (_, decimal, hex) =>
      String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replace(/&([a-z]+);/g, (whole, name) => (isNamed(name) ? named[name] : whole));

/** What is not drawn, and comes along when a text is copied from a page or a chat. */
export const invisible = [0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0xfeff];
const anyInvisible = new RegExp(`[${String.fromCodePoint(...invisible)}]`, "g");

/** Keyboards for Chinese and Japanese also write ASCII as wide as their own letters. */
const narrow = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));

/**
 * The ways to write letters in code, in the order in which they are read. `signs`: GLOBs of SQLite. Whatever hides a
 * letter or digit, an @ or an invisible character from a search for them has one of these signs.
 */
const codes = [
  {
    read: percentDecoded,
    // Of themselves; of %, & and ; and \, which begin and end other codes; and the first byte of what is not ASCII.
    signs: [
      ...["%4?", "%6?", "%3[0-9]", "%5[0-9aA]", "%7[0-9aA]"],
      ...["%25", "%26*;", "%3[bB]", "%5[cC]", "%[cC]2%[aA][dD]", "%[eE][2fF]"],
    ],
  },
  { read: jsonDecoded, signs: ["\\u[0-9a-fA-F]"] },
  { read: referencesDecoded, signs: ["&*;"] },
  // The Kelvin sign is a K to Unicode.
  { read: narrow, signs: ["\uff20", "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u212a]*@"] },
];
export const signsOfCode = codes.flatMap(({ signs }) => signs);

/** A text as it is read, whichever way its letters were written down. */
const plainText = (text: string): string => codes.reduce((plain, { read }) => read(plain), text);

const straight = (text: string): string => text.replace(/[\u2018\u2019\u02bc]/g, "'");

/**
 * A letter or digit, with signs that join it to what follows, belongs to a longer local part: joann@, jo.ann@. A sign
 * alone is a bullet or markup. Scripts that put no space between words may stand right before an address in ASCII.
 */
const longer = {
  ascii: /[\p{Script=Latin}\p{M}\p{N}][.\w%+'-]*$/u,
  other: /[\p{L}\p{M}\p{N}][.\w%+'-]*$/u,
};

/** JSON's signs of line ends and tabs, behind which a word begins. */
const jsonSpace = /\\[bfnrt]/g;

/**
 * A dot that a capital follows ends a sentence and no label, where the domain before it has no capitals: in
 * ann@shop.example.Thanks, and not in Ann@Shop.Example.Org. In lower case the two are alike.
 */
const sentencesApart = (text: string): string =>
  text.replace(/(@[\p{Ll}\p{Lo}\p{M}\p{N}.。｡-]*[.。｡])(?=\p{Lu})/gu, "$1 ");

/** The domains that may begin a text: as far as letters go, and as far as ASCII does where no Latin letter follows. */
const domainsAt = (text: string): string[] =>
  [/^[\p{L}\p{M}\p{N}.。．｡-]+/u, /^[a-z0-9.-]+(?![\p{Script=Latin}\p{M}a-z0-9.-])/u].map(
    (run) => run.exec(text)?.[0].replace(/[.。．｡-]+$/, "") ?? "",
  );
const maxDomain = 255;

/**
 * Whether a text is or contains this address, given in its canonical spelling: in any spelling, also encoded, but not
 * as a part of a longer address.
 */
export function mentions(text: string, address: string): boolean {
  return canonicalAddress(text) === address || isWithin(plainText(text), address);
}

function isWithin(text: string, address: string): boolean {
  const plain = straight(text).normalize("NFC");
  // What is not drawn stands within words, but also between them.
  return [...new Set([plain, plain.replace(anyInvisible, "")])].some((one) =>
    contains(sentencesApart(one).toLowerCase(), address),
  );
}

function contains(plain: string, address: string): boolean {
  const end = address.lastIndexOf("@");
  const local = straight(address.slice(0, end));
  const before = /^[ -~]*$/.test(local) ? longer.ascii : longer.other;
  for (let at = plain.indexOf("@"); at >= 0; at = plain.indexOf("@", at + 1)) {
    const from = at - local.length;
    if (from < 0 || !plain.startsWith(local, from)) continue;
    if (before.test(plain.slice(Math.max(from - maxLocal, 0), from).replace(jsonSpace, " "))) continue;
    const domains = domainsAt(plain.slice(at + 1, at + 1 + maxDomain));
    if (domains.some((domain) => canonicalAddress(`x@${domain}`) === `x${address.slice(end)}`)) return true;
  }
  return false;
}

/**
 * The one address that a value is, as mail tools also write it: with its owner's name, in angle brackets, as a mailto
 * link, or encoded, even twice. null: it is none. `bare`: as it stands there. `around`: what else the value says.
 */
function readAddress(given: string): { address: string | null; bare: string; around: string } {
  const plain = plainText(given).replace(anyInvisible, "").trim();
  const [, name = "", bracketed = plain] = /^(.*)<([^<>]*)>$/s.exec(plain) ?? [];
  const [, bare = bracketed, query = ""] = /^mailto:([^?]*)(.*)$/is.exec(bracketed.trim()) ?? [];
  return { address: canonicalAddress(bare), bare: bare.trim(), around: `${name} ${query}` };
}

/**
 * What has the form of an address, and is no mailbox that anybody has. In doubt it is none: a text that stays names the
 * person for ever.
 */
const noMailboxes = [
  // Excel's mark of a text. Within a name it is a letter: o'neil@.
  /^'/,
  // Signs that RFC 5322 allows, and no mail service: of ids (auth0|ann@…), of queries (email=ann@…), of markup.
  /[#=?^`{|}~]/,
  // A path. One slash may stand in a mailbox (jo/ann@…), but not behind a host, or a plural as programs name what they
  // keep: users/ann@….
  /^\/|\/.*\/|^(?:[^/]*\.[^/]*|[a-z]+s|people|user)\//i,
  // An address, and the next word of a script that puts no space between words: no top-level domain mixes the two.
  /[a-z](?![a-z\d-])[^\p{Script=Latin}\p{M}.。．｡]+$/iu,
];

/**
 * Whether a whole value, such as a respondent or a property, stands for whoever has this address. Another valid address
 * is somebody else's, also where it contains this one (tom&ann@); a longer text must only mention it.
 */
export function standsFor(value: string, address: string): boolean {
  const { address: own, bare, around } = readAddress(value);
  if (own === address) return true;
  const isOther =
    own !== null && addressProblem(own) === null && !noMailboxes.some((sign) => sign.test(bare));
  return isOther ? isWithin(around, address) : mentions(value, address);
}

/** The spelling under which a claimed respondent is kept. */
export const claimedSpelling = (given: string): string =>
  readAddress(given).address ?? canonicalSpelling(given);

/**
 * The spellings under which a respondent may be stored from before there was one, and those of the address that the
 * given one holds. The canonical one of these is the first.
 */
export function storedSpellings(given: string): string[] {
  const trimmed = given.trim();
  const others = canonicalAddress(given) === null ? [trimmed] : [trimmed, trimmed.toLowerCase()];
  const spellings = [claimedSpelling(given), canonicalSpelling(given), ...others];
  return [...new Set([...spellings, ...spellings.map((spelling) => spelling.normalize("NFD"))])];
}

/**
 * Mail addresses as mail servers take them (RFC 5321), without three forms that nobody uses: quoted local parts, IP
 * literals, and non-ASCII local parts, which only servers with SMTPUTF8 take.
 */

export const maxLocal = 64;
const maxAddress = 254;

/** Role addresses, behind which no customer answers (RFC 2142 names most). */
const roles = new Set(
  "abuse postmaster hostmaster webmaster mailer-daemon noreply no-reply donotreply do-not-reply bounce bounces root".split(
    " ",
  ),
);

/** Scripts with letters that look like Latin ones. */
const lookAlikes = [/\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

interface Parts {
  local: string;
  /** As DNS has it: lower case, Unicode as punycode; "" where it is not a domain. */
  domain: string;
  given: string;
}

function partsOf(address: string): Parts {
  const at = address.lastIndexOf("@");
  const given = address.slice(at + 1);
  const url = /[\s/\\?#:@%[\]]/.test(given) ? "" : `http://${given}`;
  const domain = URL.canParse(url) ? new URL(url).hostname : "";
  return { local: address.slice(0, Math.max(at, 0)), domain, given };
}

const isDomain = (domain: string) =>
  /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z])[a-z0-9-]{1,62}[a-z0-9]$/.test(domain);

/** Why nobody can be asked at this address; null: somebody can. */
export function addressProblem(address: string): string | null {
  const trimmed = address.trim();
  const { local, domain, given } = partsOf(trimmed);
  if (!trimmed.includes("@")) return "has no @";
  if (/[\s\p{Cc}]/u.test(trimmed)) return "must be one address, without spaces and line ends";
  if (/[@"(),:;<>[\]\\]/.test(local)) return "must be one plain address, such as ann@shop.example";
  if (/[^!-~]/.test(local)) return "has letters before the @ that few mail servers take";
  if (local === "" || /^\.|\.\.|\.$/.test(local)) return "has no name, or a misplaced dot, before the @";
  if (
    given
      .split(".")
      .some((label) => /\p{Script=Latin}/u.test(label) && lookAlikes.some((script) => script.test(label)))
  )
    return "has a domain that mixes letters of several scripts, as forgeries do";
  if (!isDomain(domain)) return "has no domain of the internet after the @";
  if (local.length > maxLocal || `${local}@${domain}`.length > maxAddress) return "is too long";
  if (roles.has(local.toLowerCase())) return "is the address of a function and not of a person";
  return null;
}

/** A valid address in the form that mails are sent to: the domain as DNS has it, the rest as given. */
export function normalAddress(address: string): string {
  const { local, domain } = partsOf(address.trim());
  return `${local}@${domain}`;
}

/**
 * The one spelling by which respondents are compared. An address has its domain as DNS has it and is lower case
 * throughout, since no server in use distinguishes capital letters. An id is kept, but in NFC (UAX 15), since files,
 * keyboards and databases compose and decompose letters invisibly.
 */
export const canonicalSpelling = (given: string): string =>
  canonicalAddress(given) ?? given.trim().normalize("NFC");

/** Whether two respondents are one, however each is spelt. null: nobody. */
export const isSamePerson = (given: string, other: string | null): boolean =>
  other !== null && canonicalSpelling(given) === canonicalSpelling(other);

/** null: it does not have the form of an address. */
export function canonicalAddress(given: string): string | null {
  const { local, domain } = partsOf(given.trim().replace(/\.$/, ""));
  const isAddress = local !== "" && !/[\s\p{Cc}@]/u.test(local) && isDomain(domain);
  return isAddress ? `${local.normalize("NFC").toLowerCase()}@${domain}` : null;
}

import { canonicalSpelling } from "../../shared/mail/addresses.ts";
import { minuteMs } from "../../shared/time/durations.ts";

/**
 * Everything secret, on WebCrypto alone. The deployment's one secret (`CANDOR_SECRET`) is never used directly. Each
 * purpose derives its own key from it, so a signature for one purpose is worthless for another.
 */
const utf8 = new TextEncoder();
const derived = new Map<string, CryptoKey>();

/** The deployment's secret, then its earlier ones: what they sealed or signed can still be opened. */
export type Secrets = readonly [current: string, ...older: string[]];

export const secretsOf = (env: { CANDOR_SECRET: string; CANDOR_OLD_SECRETS?: string }): Secrets => [
  env.CANDOR_SECRET,
  ...(env.CANDOR_OLD_SECRETS ?? "").split(",").flatMap((secret) => secret.trim() || []),
];

const hmac = { name: "HMAC", hash: "SHA-256" } as const;
const importHmac = (bytes: BufferSource) =>
  crypto.subtle.importKey("raw", bytes, hmac, false, ["sign", "verify"]);

async function derive(
  secret: string,
  purpose: string,
  importKey: (seed: ArrayBuffer) => Promise<CryptoKey>,
): Promise<CryptoKey> {
  const name = `${purpose}\0${secret}`;
  const known = derived.get(name);
  if (known) return known;
  const seed = await crypto.subtle.sign(hmac, await importHmac(utf8.encode(secret)), utf8.encode(purpose));
  const key = await importKey(seed);
  derived.set(name, key);
  return key;
}

const keyFor = (secret: string, purpose: string) => derive(secret, purpose, importHmac);
const cipherFor = (secret: string, purpose: string) =>
  derive(secret, `${purpose} cipher`, (seed) =>
    crypto.subtle.importKey("raw", seed, "AES-GCM", false, ["encrypt", "decrypt"]),
  );

/** base64url without padding. `fromBase64url` answers null for any text that this would not write exactly so. */
export const toBase64url = (bytes: Uint8Array): string =>
  bytes.toBase64({ alphabet: "base64url", omitPadding: true });

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    // The last character has spare bits, so several texts decode alike. Only the canonical one is accepted.
    return toBase64url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

/** Not `toHex`: the set-up commands also make keys, on a Node that lacks it. */
const toHex = (bytes: ArrayBuffer | Uint8Array): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

const macBytes = 16;

/** A message authentication code of up to 128 bits, base64url. */
export async function sign(
  secret: string,
  purpose: string,
  message: string,
  bytes = macBytes,
): Promise<string> {
  const mac = await crypto.subtle.sign(hmac, await keyFor(secret, purpose), utf8.encode(message));
  return toBase64url(new Uint8Array(mac, 0, bytes));
}

/** Whether one of the secrets signed the message; compared in constant time. */
export async function isSigned(
  secrets: Secrets,
  purpose: string,
  message: string,
  mac: string,
  bytes = macBytes,
): Promise<boolean> {
  const given = fromBase64url(mac);
  if (given?.length !== bytes) return false;
  for (const secret of secrets) {
    const expected = fromBase64url(await sign(secret, purpose, message, bytes));
    if (expected && crypto.subtle.timingSafeEqual(given, expected)) return true;
  }
  return false;
}

const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals a value so that nobody else can make or read it: an address in a link is not for everyone on its way. AES-GCM.
 * The nonce is a MAC of the value, so two values never share one, and a value is always sealed alike.
 */
export async function seal(secret: string, purpose: string, value: unknown): Promise<string> {
  const plain = utf8.encode(JSON.stringify(value));
  const mac = await crypto.subtle.sign(hmac, await keyFor(secret, `${purpose} nonce`), plain);
  const iv = new Uint8Array(mac, 0, nonceBytes);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv },
    await cipherFor(secret, purpose),
    plain,
  );
  const token = new Uint8Array(nonceBytes + sealed.byteLength);
  token.set(iv);
  token.set(new Uint8Array(sealed), nonceBytes);
  return toBase64url(token);
}

/** The value, and the secret that sealed it. null: not sealed by this deployment for this purpose, to the letter. */
export async function unseal(
  secrets: Secrets,
  purpose: string,
  token: string,
): Promise<{ value: unknown; secret: string } | null> {
  const bytes = fromBase64url(token);
  if (!bytes || bytes.length < nonceBytes + tagBytes) return null;
  const iv = bytes.subarray(0, nonceBytes);
  for (const secret of secrets) {
    const key = await cipherFor(secret, purpose);
    const plain = await crypto.subtle
      .decrypt({ name: "AES-GCM", iv }, key, bytes.subarray(nonceBytes))
      .catch(() => null);
    if (plain) return { value: JSON.parse(new TextDecoder().decode(plain)), secret };
  }
  return null;
}

/** 16 bytes as a UUID of version 8, which overwrites 6 of their bits. */
export function toUuid(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The hex key with which a workspace's own server signs respondent ids. It is derived, so it is stored nowhere. */
export async function identitySecret(secret: string, workspaceId: string): Promise<string> {
  const bytes = await crypto.subtle.sign(hmac, await keyFor(secret, "identity"), utf8.encode(workspaceId));
  return toHex(bytes);
}

/**
 * The hex key from which the ids of a workspace's imported rows are made. It comes from the deployment's oldest secret,
 * so that an import that is repeated after a change of secret finds its rows.
 */
export async function importSecret(secrets: Secrets, workspaceId: string): Promise<string> {
  const key = await keyFor(secrets.at(-1) ?? secrets[0], "import");
  return toHex(await crypto.subtle.sign(hmac, key, utf8.encode(workspaceId)));
}

/** The hex HMAC-SHA256 of a respondent with the workspace's identity secret, as a host computes it from a spelling. */
export async function signRespondent(secret: string, workspaceId: string, spelling: string): Promise<string> {
  const name = `${workspaceId}\0${secret}`;
  let key = identityKeys.get(name);
  if (!key) {
    key = await importHmac(utf8.encode(await identitySecret(secret, workspaceId)));
    if (identityKeys.size >= maxIdentityKeys) identityKeys.clear();
    identityKeys.set(name, key);
  }
  return toHex(await crypto.subtle.sign(hmac, key, utf8.encode(spelling)));
}

/** Importing a key costs three times what signing with it does. */
const identityKeys = new Map<string, CryptoKey>();
const maxIdentityKeys = 1000;

/**
 * Whether `hash` is the hex HMAC-SHA256 of the respondent, with a current or earlier identity secret of the workspace.
 * The respondent may be spelt as given, without surrounding space, or canonically.
 */
export async function isIdentityProven(
  secrets: Secrets,
  workspaceId: string,
  respondent: string,
  hash: string,
): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/i.test(hash)) return false;
  for (const secret of secrets) {
    const key = await importHmac(utf8.encode(await identitySecret(secret, workspaceId)));
    for (const spelling of [respondent, respondent.trim(), canonicalSpelling(respondent)])
      if (await crypto.subtle.verify(hmac, key, Uint8Array.fromHex(hash), utf8.encode(spelling))) return true;
  }
  return false;
}

/** ms by which the two clocks may differ, and within which an intercepted webhook could be replayed. */
const webhookTolerance = 5 * minuteMs;

/**
 * Whether a webhook is signed with the secret by Standard Webhooks: HMAC-SHA256, base64, of id, timestamp (unix
 * seconds) and body. One valid signature among several is enough, for the time when a secret is changed.
 */
export async function isWebhookSigned(
  secret: string,
  { id, timestamp, signatures }: { id: string; timestamp: string; signatures: string },
  body: string,
  now: number,
): Promise<boolean> {
  const isRecent =
    /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1000 - now) <= webhookTolerance;
  const key = fromBase64(secret.replace(/^whsec_/, ""));
  if (!key?.length || !id || !isRecent) return false;
  const message = utf8.encode(`${id}.${timestamp}.${body}`);
  const mac = new Uint8Array(await crypto.subtle.sign(hmac, await importHmac(key), message));
  // The header may be long, and each signature in it costs time. Real senders need only a few.
  return signatures
    .slice(0, 1000)
    .split(" ")
    .some((signature) => {
      const given = signature.startsWith("v1,") ? fromBase64(signature.slice(3)) : null;
      return given?.length === mac.length && crypto.subtle.timingSafeEqual(given, mac);
    });
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return null;
  }
}

/** SHA-256 of an API key or a token, hex. A slow hash adds nothing to 160 random bits. */
export async function hashKey(key: string): Promise<string> {
  return toHex(await crypto.subtle.digest("SHA-256", utf8.encode(key)));
}

/** A token that nobody can guess: 256 random bits, hex. Only its hash is stored. */
export const newToken = (): string => toHex(crypto.getRandomValues(new Uint8Array(32)));

/**
 * The publishable key of this id. It is derived, so that members can be shown it again, though it is stored nowhere: 160 bits
 * that nobody knows without the secret.
 */
export async function publishableKey(secret: string, id: string): Promise<string> {
  const mac = await crypto.subtle.sign(hmac, await keyFor(secret, "publishable key"), utf8.encode(id));
  return `pk_${toHex(new Uint8Array(mac, 0, 20))}`;
}

/** A new API key: 160 random bits; at most 44 characters, because some clients break longer ones. */
export function newKey(kind: "publishable" | "secret"): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  return `${kind === "secret" ? "sk" : "pk"}_${toHex(bytes)}`;
}

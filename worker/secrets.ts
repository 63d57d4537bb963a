/**
 * Everything secret, on WebCrypto alone. One secret of the deployment (`CANDOR_SECRET`) is never used as it is: each
 * purpose derives its own key from it, so that a signature made for one purpose is worthless for another.
 */
const utf8 = new TextEncoder();
const derived = new Map<string, CryptoKey>();

const hmac = { name: "HMAC", hash: "SHA-256" } as const;
const importHmac = (bytes: BufferSource) =>
  crypto.subtle.importKey("raw", bytes, hmac, false, ["sign", "verify"]);

async function keyFor(secret: string, purpose: string): Promise<CryptoKey> {
  const name = `${purpose}\0${secret}`;
  const known = derived.get(name);
  if (known) return known;
  const seed = await crypto.subtle.sign(hmac, await importHmac(utf8.encode(secret)), utf8.encode(purpose));
  const key = await importHmac(seed);
  derived.set(name, key);
  return key;
}

/** base64url without padding; `fromBase64url` answers null for any text that is not exactly what this would write. */
export const toBase64url = (bytes: Uint8Array): string =>
  bytes.toBase64({ alphabet: "base64url", omitPadding: true });

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    // The last character has spare bits, so that several texts decode alike: only the canonical one is taken.
    return toBase64url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

/** Not `toHex`: keys are also made by the set-up commands, on a Node that lacks it. */
const toHex = (bytes: ArrayBuffer | Uint8Array): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

const macBytes = 16;

/** A message authentication code of 128 bits, base64url. */
export async function sign(secret: string, purpose: string, message: string): Promise<string> {
  const mac = await crypto.subtle.sign(hmac, await keyFor(secret, purpose), utf8.encode(message));
  return toBase64url(new Uint8Array(mac, 0, macBytes));
}

/** Compares in constant time. */
export async function isSigned(
  secret: string,
  purpose: string,
  message: string,
  mac: string,
): Promise<boolean> {
  const given = fromBase64url(mac);
  const expected = fromBase64url(await sign(secret, purpose, message));
  return given?.length === macBytes && expected !== null && crypto.subtle.timingSafeEqual(given, expected);
}

/** A value that anyone can read and nobody else can make: base64url of its JSON, a dot, and the signature. */
export async function seal(secret: string, purpose: string, value: unknown): Promise<string> {
  const payload = toBase64url(utf8.encode(JSON.stringify(value)));
  return `${payload}.${await sign(secret, purpose, payload)}`;
}

/** null: not a token that this deployment sealed for this purpose, to the letter. */
export async function unseal(secret: string, purpose: string, token: string): Promise<unknown> {
  const [payload, mac, ...rest] = token.split(".");
  if (!payload || !mac || rest.length > 0) return null;
  const bytes = fromBase64url(payload);
  if (!bytes || !(await isSigned(secret, purpose, payload, mac))) return null;
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** The same UUID (version 8 of RFC 9562) for the same message, which only this deployment can work out. */
export async function signedUuid(secret: string, purpose: string, message: string): Promise<string> {
  const mac = await crypto.subtle.sign(hmac, await keyFor(secret, purpose), utf8.encode(message));
  const bytes = new DataView(mac, 0, macBytes);
  bytes.setUint8(6, (bytes.getUint8(6) & 0x0f) | 0x80);
  bytes.setUint8(8, (bytes.getUint8(8) & 0x3f) | 0x80);
  const hex = toHex(mac.slice(0, macBytes));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What a workspace's own server signs respondent ids with, hex. Derived, so that it is stored nowhere. */
export async function identitySecret(secret: string, workspaceId: string): Promise<string> {
  const bytes = await crypto.subtle.sign(hmac, await keyFor(secret, "identity"), utf8.encode(workspaceId));
  return toHex(bytes);
}

/** What identifies a respondent: the hex HMAC-SHA256 with the workspace's identity secret, as its host makes it too. */
export async function respondentHash(
  secret: string,
  workspaceId: string,
  respondent: string,
): Promise<string> {
  const key = await importHmac(utf8.encode(await identitySecret(secret, workspaceId)));
  return toHex(await crypto.subtle.sign(hmac, key, utf8.encode(respondent)));
}

/** True when `hash` is the hex HMAC-SHA256 of the respondent with the workspace's identity secret. */
export async function isIdentityProven(
  secret: string,
  workspaceId: string,
  respondent: string,
  hash: string,
): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/i.test(hash)) return false;
  const key = await importHmac(utf8.encode(await identitySecret(secret, workspaceId)));
  return crypto.subtle.verify(hmac, key, Uint8Array.fromHex(hash), utf8.encode(respondent));
}

/** SHA-256 of an API key, hex. A slow hash adds nothing to 160 random bits. */
export async function hashKey(key: string): Promise<string> {
  return toHex(await crypto.subtle.digest("SHA-256", utf8.encode(key)));
}

/** A new API key: 160 random bits; at most 44 characters, because some clients break longer ones. */
export function newKey(kind: "publishable" | "secret"): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  return `${kind === "secret" ? "sk" : "pk"}_${toHex(bytes)}`;
}

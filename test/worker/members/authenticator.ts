import { isoCBOR } from "@simplewebauthn/server/helpers";
import { toBase64url } from "../../../worker/secrets/secrets.ts";
import { origin } from "./browser.ts";

const utf8 = { encode: (text: string) => Uint8Array.from(new TextEncoder().encode(text)) };
const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const bytesOf = (value: number, length: number) =>
  Uint8Array.from({ length }, (_, index) => (value >> (8 * (length - 1 - index))) & 255);

/** WebAuthn's flags: somebody was there, and was recognised; data of a new credential follow. */
const present = 1;
const verified = 4;
const attested = 64;

interface Signing {
  challenge: string;
  origin?: string;
  host?: string;
  counter?: number;
  flags?: number;
  type?: string;
}

/** An authenticator with one passkey, of an ES256 key. It does what it is told, also what a real one would not. */
export class Authenticator {
  readonly id = toBase64url(crypto.getRandomValues(new Uint8Array(16)));
  readonly #keys: CryptoKeyPair;

  private constructor(keys: CryptoKeyPair) {
    this.#keys = keys;
  }

  static async make(): Promise<Authenticator> {
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    return new Authenticator(
      (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair,
    );
  }

  #clientData(type: string, { challenge, origin: from = origin, type: other = type }: Signing) {
    return utf8.encode(JSON.stringify({ type: other, challenge, origin: from, crossOrigin: false }));
  }

  async #data({ host = "candor.test", counter = 0 }: Signing, flags: number, more = new Uint8Array()) {
    return joined(await sha256(utf8.encode(host)), Uint8Array.of(flags), bytesOf(counter, 4), more);
  }

  /** What `navigator.credentials.create()` answers. `statement`: of the attestation, by format. */
  async create(
    signing: Signing,
    statement: [format: string, statement: Map<string, unknown>] = ["none", new Map()],
  ) {
    const jwk = (await crypto.subtle.exportKey("jwk", this.#keys.publicKey)) as JsonWebKey;
    const coordinate = (text = "") => Uint8Array.fromBase64(text, { alphabet: "base64url" });
    const key = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, coordinate(jwk.x)],
      [-3, coordinate(jwk.y)],
    ]);
    const id = Uint8Array.fromBase64(this.id, { alphabet: "base64url" });
    const credential = joined(new Uint8Array(16), bytesOf(id.length, 2), id, isoCBOR.encode(key));
    const authData = await this.#data(signing, signing.flags ?? present | verified | attested, credential);
    const [format, attStmt] = statement;
    const attestation = new Map<string, unknown>([
      ["fmt", format],
      ["attStmt", attStmt],
      ["authData", authData],
    ]);
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: { credProps: { rk: true } },
      authenticatorAttachment: "platform",
      response: {
        clientDataJSON: toBase64url(this.#clientData("webauthn.create", signing)),
        attestationObject: toBase64url(isoCBOR.encode(attestation as never)),
        transports: ["internal"],
        publicKeyAlgorithm: -7,
      },
    };
  }

  /** What `navigator.credentials.get()` answers. */
  async get(signing: Signing, userHandle?: string) {
    const clientData = this.#clientData("webauthn.get", signing);
    const data = await this.#data(signing, signing.flags ?? present | verified);
    const signature = new Uint8Array(
      await crypto.subtle.sign(
        { name: "ECDSA", hash: "SHA-256" },
        this.#keys.privateKey,
        joined(data, await sha256(clientData)),
      ),
    );
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: toBase64url(clientData),
        authenticatorData: toBase64url(data),
        signature: toBase64url(derOf(signature)),
        ...(userHandle && { userHandle }),
      },
    };
  }
}

/** A signature as authenticators write it: ASN.1's SEQUENCE of two INTEGERs instead of WebCrypto's two halves. */
function derOf(signature: Uint8Array): Uint8Array<ArrayBuffer> {
  const integer = (half: Uint8Array) => {
    const start = half.findIndex((byte) => byte !== 0);
    const bytes = half.subarray(start);
    const padded = (bytes[0] ?? 0) > 127 ? joined(Uint8Array.of(0), bytes) : bytes;
    return joined(Uint8Array.of(2, padded.length), padded);
  };
  const both = joined(integer(signature.subarray(0, 32)), integer(signature.subarray(32)));
  return joined(Uint8Array.of(48, both.length), both);
}

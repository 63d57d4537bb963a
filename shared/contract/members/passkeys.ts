import * as z from "zod";
import { instantOut, text } from "../fields.ts";

/** A base64url text of WebAuthn. The longest is an attestation with certificates, which is refused all the same. */
const bytes = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\w-]*$/, "must be base64url");
const name = text(64);
const transports = z.array(z.string().max(20)).max(10).default([]);

/** As `toJSON()` of the browser's PublicKeyCredential has it; what is not needed of it is passed over. */
const credential = {
  id: bytes(1400),
  rawId: bytes(1400),
  type: z.literal("public-key"),
  clientExtensionResults: z.object({}).default({}),
};

export const PasskeyInput = z.strictObject({
  name: name.optional().describe("What its owner calls it; default: the device, such as Firefox on Linux"),
  credential: z.object({
    ...credential,
    response: z.object({ clientDataJSON: bytes(4000), attestationObject: bytes(8000), transports }),
  }),
});
export const PasskeyPatch = z.strictObject({ name });
export const PasskeySignIn = z.strictObject({
  credential: z.object({
    ...credential,
    response: z.object({
      clientDataJSON: bytes(4000),
      authenticatorData: bytes(4000),
      signature: bytes(2000),
      userHandle: bytes(200)
        .nullish()
        .transform((handle) => handle ?? undefined),
    }),
  }),
});

export const Passkey = z.object({
  id: z.string(),
  name: z.string(),
  created_at: instantOut,
  last_used_at: instantOut.nullable().describe("null: never yet"),
});
export type Passkey = z.output<typeof Passkey>;
export const Passkeys = z.object({ data: z.array(Passkey) });

/** What `navigator.credentials.create()` takes, by `parseCreationOptionsFromJSON()`. */
export const PasskeyCreation = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal("public-key"), alg: z.int() })),
  timeout: z.int(),
  attestation: z.literal("none"),
  excludeCredentials: z.array(
    z.object({ type: z.literal("public-key"), id: z.string(), transports: z.array(z.string()) }),
  ),
  authenticatorSelection: z.object({
    residentKey: z.literal("required"),
    requireResidentKey: z.literal(true),
    userVerification: z.literal("required"),
  }),
});

/** What `navigator.credentials.get()` takes, by `parseRequestOptionsFromJSON()`. */
export const PasskeyRequest = z.object({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.int(),
  userVerification: z.literal("required"),
});

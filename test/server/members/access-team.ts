import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { Server } from "../../harness.ts";

const audience = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";

interface Key {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

export async function newKey(kid: string): Promise<Key> {
  return { kid, ...(await generateKeyPair("RS256", { extractable: true })) };
}

/** A team of Cloudflare Access: a server with its public keys, and tokens as it puts them beside requests. */
export async function startTeam() {
  const key = await newKey("first");
  const shown: JWK[] = [];
  const show = async ({ kid, publicKey }: Key) => {
    shown.push({ ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" });
  };
  await show(key);
  let asked = 0;
  const server = createServer(({ url }, answer) => {
    if (url !== "/cdn-cgi/access/certs") return answer.writeHead(404).end();
    asked += 1;
    answer.setHeader("content-type", "application/json").end(JSON.stringify({ keys: shown }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    key,
    show,
    url,
    vars: { ACCESS_TEAM_DOMAIN: url, ACCESS_AUDIENCE: audience },
    /** How often the keys were asked for. */
    asked: () => asked,
    /** A token that lets somebody in, with other claims and another key where they are given. */
    token: (email: string, claims: object = {}, by: Key = key) =>
      new SignJWT({
        ...{ aud: [audience], iss: url, email, type: "app", sub: crypto.randomUUID() },
        ...{ iat: inSeconds(-60), nbf: inSeconds(-60), exp: inSeconds(3600) },
        ...claims,
      })
        .setProtectedHeader({ alg: "RS256", kid: by.kid })
        .sign(by.privateKey),
    stop: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

/** An owner of the workspace whose address is proven. */
export async function addMember({ d1, ref }: Server, address: string): Promise<void> {
  const id = `mbr_${address}`;
  const members = "INSERT INTO members (id, name, address, created_at) VALUES (?1, 'Mara Keller', ?2, 0)";
  const memberships = `INSERT INTO memberships (workspace_ref, member_ref, role, created_at)
    SELECT ?2, ref, 'owner', 0 FROM members WHERE id = ?1`;
  await d1.batch([d1.prepare(members).bind(id, address), d1.prepare(memberships).bind(id, ref)]);
}

/** A time as tokens have it. */
export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

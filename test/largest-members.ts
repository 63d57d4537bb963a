import { type Deployment, type Largest, long, type Sent, times } from "./largest-input.ts";

const credential = { id: "key0", rawId: "key0", type: "public-key" };

/**
 * One request for each route of members, by a session whose token is due to be replaced. Whatever ends the session comes
 * last.
 */
export async function largestOfMembers(deployment: Deployment): Promise<Largest[]> {
  const { id, origin } = deployment;
  const { token, last, link } = await fillMembers(deployment);
  const page = { origin, "content-type": "application/json" };
  const cookie = `__Host-session=${token}; session=${token}`;
  const open = (route: string, json: object | undefined, status: number): Largest => ({
    route: `POST ${route}`,
    path: route,
    status,
    headers: page,
    ...(json && { json }),
  });
  const own = (route: string, sent: Sent & { status?: number; path?: string } = {}): Largest => ({
    route,
    path: route.split(" ")[1] ?? "",
    headers: { ...page, cookie, "candor-workspace": id },
    ...sent,
  });
  const byLast = (route: string, path: string): Largest => {
    const headers = { ...page, cookie: `__Host-session=${last}; session=${last}` };
    return { route, path, status: 204, headers };
  };
  const email = `${"a".repeat(60)}@${"b".repeat(60)}.example`;
  const invitation = await link("invitation", { role: "owner" });
  const lost = await link("invitation", { role: "owner", address: `lost-${email}` });
  const { token: opened } = await link("invitation", { role: "owner", address: "somebody@shop.example" });
  return [
    open("/v1/one-time-links/read", { token: opened }, 200),
    open("/v1/one-time-links/end", { token: (await link("setup", { role: "owner" })).token }, 204),
    open("/v1/sessions", { token: opened, name: long(100), locale: "de", time_zone: "Asia/Kathmandu" }, 201),
    open("/v1/sessions/passkeys/challenge", undefined, 200),
    open(
      "/v1/sessions/passkeys",
      {
        credential: {
          ...credential,
          response: { clientDataJSON: "x", authenticatorData: "x", signature: "x" },
        },
      },
      422,
    ),
    // With a token it asks the team's own server: test/server/members/cloudflare-access.test.ts.
    open("/v1/sessions/access", undefined, 401),
    open("/v1/login-links", { email: "mara@shop.example" }, 202),
    own("GET /v1/session"),
    own("PATCH /v1/session", { json: { name: long(100), locale: "de", time_zone: "Asia/Kathmandu" } }),
    own("POST /v1/session/email", { json: { email }, status: 202 }),
    own("POST /v1/session/email/confirmation", {
      json: { token: (await link("address", { member: 1, address: "new@shop.example" })).token },
    }),
    own("GET /v1/sessions"),
    own("DELETE /v1/sessions/:session", { path: "/v1/sessions/ses_5", status: 204 }),
    own("GET /v1/passkeys"),
    own("POST /v1/passkeys/challenge"),
    own("POST /v1/passkeys", {
      json: {
        name: long(64),
        credential: { ...credential, response: { clientDataJSON: "x", attestationObject: "x" } },
      },
      status: 422,
    }),
    own("PATCH /v1/passkeys/:passkey", { path: "/v1/passkeys/key2", json: { name: long(64) } }),
    own("DELETE /v1/passkeys/:passkey", { path: "/v1/passkeys/key1", status: 204 }),
    own("GET /app", { status: 302 }),
    own("GET /app/:view{.+}", { path: `/app/w/${id}/touchpoints/checkout` }),
    ...["login", "setup", "join", "address"].map((page) => own(`GET /app/${page}`)),
    own("GET /v1/members"),
    own("GET /v1/audit", {
      path: `/v1/audit?format=csv&by=mbr_0&thing=x&what=key.created&from=2026-01-01T00:00:00Z`,
    }),
    own("GET /v1/audit", { path: "/v1/audit?limit=100" }),
    own("GET /v1/members/invitations"),
    own("POST /v1/members/invitations", { json: { role: "owner", email }, status: 201 }),
    own("POST /v1/members/invitations/:invitation/renew", {
      path: `/v1/members/invitations/${lost.id}/renew`,
      status: 201,
    }),
    own("DELETE /v1/members/invitations/:invitation", {
      path: `/v1/members/invitations/${invitation.id}`,
      status: 204,
    }),
    own("PATCH /v1/members/:member", { path: "/v1/members/mbr_2", json: { role: "editor" } }),
    own("DELETE /v1/members/:member", { path: "/v1/members/mbr_3" }),
    own("DELETE /v1/session/workspaces/:workspace", { path: `/v1/session/workspaces/${id}`, status: 204 }),
    own("DELETE /v1/session", { status: 204 }),
    byLast("DELETE /v1/sessions", "/v1/sessions?keep=this&passkeys=remove"),
    byLast("DELETE /v1/session/member", "/v1/session/member"),
  ];
}

/** 200 members of the workspace, of whom the first is signed in 200 times and has 20 passkeys. */
async function fillMembers({ d1, ref }: Deployment) {
  const run = (sql: string, ...values: (string | number | null)[]) =>
    d1
      .prepare(sql)
      .bind(...values)
      .run();
  const list = (count: number) => JSON.stringify(times(count, (n) => n));
  const now = Date.now();
  const token = "largest";
  await run(
    "INSERT INTO members (id, name, address, created_at) SELECT 'mbr_' || value, ?2, IIF(value, NULL, 'mara@shop.example'), 0 FROM json_each(?1)",
    list(200),
    long(100),
  );
  await run(
    "INSERT INTO memberships (workspace_ref, member_ref, role, created_at) SELECT ?1, ref, 'owner', 0 FROM members",
    ref,
  );
  await run(
    `INSERT INTO sessions (id, member_ref, hash, rotated_at, means, device, created_at, last_used_at, ends_at)
     SELECT 'ses_' || value, 1, IIF(value, value, ?2), 0, 'setup', 'Firefox on Linux', ?3, 0, ?3 + 1000000000 FROM json_each(?1)`,
    list(200),
    await sha256(token),
    now,
  );
  await run(
    "INSERT INTO passkeys (id, member_ref, public_key, counter, transports, name, created_at) SELECT 'key' || value, 1, 'x', 0, '[]', ?2, 0 FROM json_each(?1)",
    list(20),
    long(64),
  );
  const last = "largest of all";
  await run("UPDATE sessions SET hash = ?1 WHERE id = 'ses_1'", await sha256(last));
  let made = 0;
  const link = async (
    purpose: string,
    {
      role = null,
      address = null,
      member = null,
    }: { role?: string | null; address?: string | null; member?: number | null },
  ) => {
    made += 1;
    const one = { id: `otl_${made}`, token: `link ${made}` };
    await run(
      `INSERT INTO one_time_links (id, hash, purpose, workspace_ref, role, member_ref, address, mailed, made_by, created_at, expires_at)
       VALUES (?1, ?2, ?3, IIF(?5 IS NULL, NULL, ?4), ?5, ?6, ?7, ?7 IS NOT NULL, 'mbr_0', ?8, ?8 + 900000)`,
      one.id,
      await sha256(one.token),
      purpose,
      ref,
      role,
      member,
      address,
      now,
    );
    return one;
  };
  return { token, last, link };
}

/** In hex, as tokens are stored. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

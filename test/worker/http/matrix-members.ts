import { open, type Row, reads, signedIn, writes } from "./matrix-row.ts";

const credential = { id: "x", rawId: "x", type: "public-key" };
const clientDataJSON = "x";

/**
 * Routes for members. Those that begin a session are open, and refuse whatever does not come from a page of their origin,
 * as here.
 */
export const memberRows: Row[] = [
  ...["read", "end"].map((act) => ({
    route: `POST /v1/one-time-links/${act}`,
    path: () => `/v1/one-time-links/${act}`,
    json: () => ({ token: "x" }),
    statuses: open(403),
  })),
  {
    route: "POST /v1/sessions",
    path: () => "/v1/sessions",
    json: () => ({ token: "x", name: "Eve" }),
    statuses: open(403),
  },
  {
    route: "POST /v1/sessions/passkeys/challenge",
    path: () => "/v1/sessions/passkeys/challenge",
    statuses: open(403),
  },
  {
    route: "POST /v1/sessions/passkeys",
    path: () => "/v1/sessions/passkeys",
    json: () => ({
      credential: { ...credential, response: { clientDataJSON, authenticatorData: "x", signature: "x" } },
    }),
    statuses: open(403),
  },
  { route: "POST /v1/sessions/access", path: () => "/v1/sessions/access", statuses: open(403) },
  {
    route: "POST /v1/login-links",
    path: () => "/v1/login-links",
    json: () => ({ email: "ann@shop.example" }),
    statuses: open(403),
  },
  { route: "GET /v1/session", path: () => "/v1/session", ...signedIn(200) },
  {
    route: "PATCH /v1/session",
    path: () => "/v1/session",
    json: () => ({ name: "renamed" }),
    ...signedIn(200),
  },
  {
    route: "POST /v1/session/email",
    path: () => "/v1/session/email",
    json: () => ({ email: "ann@shop.example" }),
    ...signedIn(202),
  },
  {
    route: "POST /v1/session/email/confirmation",
    path: () => "/v1/session/email/confirmation",
    json: () => ({ token: "x" }),
    ...signedIn(422),
  },
  {
    route: "DELETE /v1/session/workspaces/:workspace",
    path: () => "/v1/session/workspaces/wsp_0",
    ...signedIn(404),
  },
  { route: "GET /v1/sessions", path: () => "/v1/sessions", ...signedIn(200) },
  { route: "DELETE /v1/sessions/:session", path: () => "/v1/sessions/ses_0", ...signedIn(404) },
  { route: "GET /v1/passkeys", path: () => "/v1/passkeys", ...signedIn(200) },
  { route: "POST /v1/passkeys/challenge", path: () => "/v1/passkeys/challenge", ...signedIn(200) },
  {
    route: "POST /v1/passkeys",
    path: () => "/v1/passkeys",
    json: () => ({
      name: "Laptop",
      credential: { ...credential, response: { clientDataJSON, attestationObject: "x" } },
    }),
    ...signedIn(422),
  },
  {
    route: "PATCH /v1/passkeys/:passkey",
    path: () => "/v1/passkeys/x",
    json: () => ({ name: "Laptop" }),
    ...signedIn(404),
  },
  { route: "DELETE /v1/passkeys/:passkey", path: () => "/v1/passkeys/x", ...signedIn(404) },
  { route: "DELETE /v1/session/member", path: () => "/v1/session/member", ...signedIn(204) },
  { route: "DELETE /v1/sessions", path: () => "/v1/sessions", ...signedIn(204) },
  { route: "DELETE /v1/session", path: () => "/v1/session", ...signedIn(204) },
  { route: "GET /v1/audit", path: () => "/v1/audit", statuses: writes(200, 200) },
  { route: "GET /v1/members", path: () => "/v1/members", statuses: reads(200) },
  { route: "GET /v1/members/invitations", path: () => "/v1/members/invitations", statuses: writes(200, 200) },
  {
    route: "POST /v1/members/invitations",
    path: () => "/v1/members/invitations",
    json: () => ({ role: "editor" }),
    statuses: writes(201, 201),
  },
  {
    route: "POST /v1/members/invitations/:invitation/renew",
    path: ({ lostInvitation }) => `/v1/members/invitations/${lostInvitation}/renew`,
    statuses: writes(201, 404),
  },
  {
    route: "DELETE /v1/members/invitations/:invitation",
    path: ({ memberInvitation }) => `/v1/members/invitations/${memberInvitation}`,
    statuses: writes(204, 404),
  },
  {
    route: "PATCH /v1/members/:member",
    path: ({ member }) => `/v1/members/${member}`,
    json: () => ({ role: "analyst" }),
    statuses: writes(200, 404),
  },
  {
    route: "DELETE /v1/members/:member",
    path: ({ member }) => `/v1/members/${member}`,
    statuses: writes(200, 404),
  },
];

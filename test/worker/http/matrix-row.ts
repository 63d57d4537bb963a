const callers = ["nobody", "publishable", "read", "write", "stranger", "archived"] as const;
export type Caller = (typeof callers)[number];
type Statuses = Record<Caller, number>;

/** What a caller can reach or steal: one of each, in one workspace. */
export interface Things {
  survey: string;
  touchpoint: string;
  response: string;
  key: string;
  breakdown: string;
  invitation: string;
  template: string;
  campaign: string;
  suppression: string;
  erasure: string;
  member: string;
  memberInvitation: string;
  lostInvitation: string;
}

export interface Row {
  route: string;
  path: (things: Things) => string;
  json?: (things: Things) => object;
  statuses: Statuses;
  /** For whoever is signed in, where the route is for members alone. */
  signedIn?: number;
}

export const open = (status: number): Statuses => ({
  nobody: status,
  publishable: status,
  read: status,
  write: status,
  stranger: status,
  archived: status,
});
const gate = { nobody: 401, publishable: 403, archived: 401 };
/** `stranger` has all scopes, but in another workspace. */
export const reads = (stranger: number): Statuses => ({ ...gate, read: 200, write: 200, stranger });
export const writes = (status: number, stranger: number): Statuses => ({
  ...gate,
  read: 403,
  write: status,
  stranger,
});
export const responds = (status: number, stranger: number): Statuses => ({
  nobody: 401,
  publishable: status,
  read: 403,
  write: status,
  stranger,
  archived: 401,
});

/** For whoever is signed in, and for no key. */
export const signedIn = (status: number): Pick<Row, "statuses" | "signedIn"> => ({
  statuses: { ...open(403), nobody: 401 },
  signedIn: status,
});

export const fresh = (fields: object) => ({ id: crypto.randomUUID(), rating: 5, ...fields });

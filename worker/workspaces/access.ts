import type { Role } from "../../shared/contract/members/members.ts";
import type { Access, Caller } from "../environment.ts";

/** What a scope of a key opens. `write` is a server's whole power, so it manages too. */
export const byScope: Readonly<Record<string, readonly Access[]>> = {
  respond: ["respond"],
  read: ["read"],
  write: ["respond", "write", "manage"],
};

/** What a role of a member opens. None responds: an answer is a customer's, and comes with a key. */
export const byRole: Readonly<Record<Role, readonly Access[]>> = {
  analyst: ["read"],
  editor: ["read", "write"],
  owner: ["read", "write", "manage"],
};

/** Whether a caller may all that a role may. Nobody gives more than they have, which they could take back for themselves. */
export const mayGive = ({ may }: Caller, role: Role): boolean =>
  byRole[role].every((access) => may.includes(access));

import { canonicalAddress } from "../../shared/mail/addresses.ts";
import { newLink } from "../../worker/members/links.ts";
import { readWrangler } from "../wrangler.ts";
import { printedUrl, storedLink } from "./links.ts";

// `npm run login-link -- mara@shop.example` prints a link by which a member signs in who has no other way left.
const given = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const where = process.argv.includes("--remote") ? "--remote" : "--local";

// As with workspaces: wrangler has no bound parameters, so there may be no quote to escape.
if (!/^[\p{L}\p{N} ._%+@-]{1,254}$/u.test(given)) {
  console.error(
    "Name a member by mail address, name or id: npm run login-link -- mara@shop.example [--remote]",
  );
  process.exit(1);
}

interface Member {
  id: string;
  name: string;
  address: string | null;
  of: string | null;
}

async function query<Row>(sql: string): Promise<Row[]> {
  const args = ["d1", "execute", "DB", where, "--yes", "--json", "--command", sql];
  return JSON.parse(await readWrangler(args))[0].results;
}

const described = ({ id, name, address, of }: Member) =>
  `${id}  ${name}${address ? ` <${address}>` : ""}, of ${of ?? "no workspace"}`;

const found = await query<Member>(
  `SELECT id, name, address, (SELECT group_concat(workspaces.name || ' as ' || role, ', ') FROM memberships
     JOIN workspaces ON workspaces.ref = workspace_ref WHERE member_ref = members.ref AND removed_at IS NULL) AS "of"
   FROM members WHERE address = '${canonicalAddress(given) ?? ""}' OR name = '${given}' OR id = '${given}' LIMIT 20`,
);
const [member, ...others] = found;
if (!member || others.length > 0) {
  console.error(member ? "There are several: name one by id." : "There is no such member.");
  for (const one of found) console.error(`  ${described(one)}`);
  process.exit(1);
}
const { link, path } = await newLink("login", {}, Date.now());
await query(storedLink(link, "NULL", "ref", `members WHERE id = '${member.id}'`));
console.log(`
  Member       ${described(member)}
  Sign in      ${printedUrl(path, where)}
               works once, within 15 minutes
`);

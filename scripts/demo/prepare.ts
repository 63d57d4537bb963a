import type { Database } from "../../worker/db/database.ts";
import { writeMailer } from "../../worker/mail/db/mailer.ts";
import { hasMembers } from "../../worker/members/db/members.ts";
import { insertLink } from "../../worker/members/db/one-time-links.ts";
import { newLink } from "../../worker/members/links.ts";
import { hashKey } from "../../worker/secrets/secrets.ts";
import { workspaceOfKey } from "../../worker/workspaces/db/keys.ts";
import { withLocalDatabase } from "../local.ts";
import { DEMO_NAME, insertSampleResponses } from "./demo.ts";
import {
  createDemoMail,
  createDemoSurveys,
  createDemoWays,
  createWorkspace,
  type FirstKeys,
} from "./seed.ts";

/** A link by which one becomes the demo shop's owner; null: somebody is a member already. */
async function setUpLink(db: Database, workspace: number, url: string): Promise<string | null> {
  if (await hasMembers(db)) return null;
  const { link, path } = await newLink("setup", { workspace, role: "owner" }, Date.now());
  return (await insertLink(db, link)) ? url + path : null;
}

/** Makes the demo shop with its sample once, also for keys whose database is gone. Answers the link to set it up at `url`, if any. */
export async function prepareDemo(keys: FirstKeys, url: string): Promise<string | null> {
  return await withLocalDatabase(async (db) => {
    // Clears the mailer's last failure: the mailbox listens on another port after each start.
    await writeMailer(db, { heldUntil: 0, failures: 0, fault: null, answer: null });
    const known = await workspaceOfKey(db, await hashKey(keys.secretKey));
    if (known !== null) {
      await createDemoMail(db, known);
      return await setUpLink(db, known, url);
    }
    console.log("Seeding the demo shop …");
    const { ref } = await createWorkspace(db, DEMO_NAME, keys);
    await createDemoSurveys(db, ref);
    await createDemoWays(db, ref);
    await createDemoMail(db, ref);
    await insertSampleResponses(db, ref);
    return await setUpLink(db, ref, url);
  });
}

/**
 * Candor in its own process, so that a test can kill it: `node test/server/kills/serve.ts FOLDER` prints one line. With
 * a MAIL_URL, it then keeps sending the due mails, as if hours had passed before each run.
 */
import { startServer } from "../../harness.ts";
import { receive } from "./killable.ts";

const [, , folder, mailUrl] = process.argv;
if (!folder) throw new Error("name the folder that outlives this process");
const { url, publishableKey, d1, schedule } = await startServer({
  built: await receive(),
  persistTo: folder,
  onLog: () => undefined,
  ...(mailUrl && { vars: { MAIL_URL: mailUrl, MAILS_A_MINUTE: "400", BUDGET: "" } }),
});
console.log(JSON.stringify({ url, publishableKey }));
while (mailUrl) {
  // Any claim left here belongs to a killed process, since this one runs each schedule to its end.
  await d1.exec("UPDATE mails SET claimed_at = 0 WHERE state = 'sending'");
  await d1.exec("UPDATE mails SET due_at = 0 WHERE state = 'waiting' AND due_at > 0");
  await d1.exec("UPDATE mailer SET held_until = 0");
  await schedule("* * * * *");
}

import { parseArgs } from "node:util";
import ky from "ky";
import { Erasure } from "../shared/contract/erasures.ts";
import { messageOf } from "./import/api.ts";

const help = `
Forgets people in Candor: answers, invitations, mails, clocks and claims. The score keeps their ratings.

  CANDOR_KEY=sk_… npm run erase -- RESPONDENT… [options]

A respondent is an id of yours or an address, in whatever spelling. Somebody who has both is named by both. It may be
repeated: what was forgotten before is no mistake.

  --url URL             Candor's address; default: http://localhost:8787
  --key KEY             a secret key with read and write; better in CANDOR_KEY, because npm prints the command
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: "string", default: "http://localhost:8787" },
    key: { type: "string", default: process.env.CANDOR_KEY ?? "" },
    help: { type: "boolean", default: false },
  },
});

if (values.help || positionals.length === 0 || !values.key) {
  console.error(values.key || values.help ? help : "Set CANDOR_KEY to a secret key with read and write");
  process.exit(values.help ? 0 : 1);
}

const api = ky.create({
  prefix: `${values.url.replace(/\/$/, "")}/v1`,
  headers: { authorization: `Bearer ${values.key}` },
  retry: { limit: 5, methods: ["get", "post"] },
});

/** Goes on until the erasure is done, so that nobody waits for the scheduled job. Only uploaded files must be waited for. */
async function erase(respondent: string): Promise<Erasure> {
  const post = async (path: string, options?: object) => Erasure.parse(await api.post(path, options).json());
  let erasure = await post("erasures", { json: { respondent } });
  while (erasure.state === "running" && !erasure.waits_for) erasure = await post(`erasures/${erasure.id}`);
  return erasure;
}

for (const [index, respondent] of positionals.entries()) {
  try {
    const { id, removed, waits_for: waits } = await erase(respondent);
    const counts = Object.entries(removed).flatMap(([table, n]) => (n > 0 ? [`${n} ${table}`] : []));
    // The respondent is not printed: terminal output is kept longer than the erased data.
    const rest = waits ? "; it is done once the recipients that were added before are read" : "";
    console.log(`${index + 1}. ${id}: ${counts.join(", ") || "nothing was there"}${rest}`);
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

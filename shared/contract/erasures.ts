import * as z from "zod";
import { instantOut, respondent } from "./fields.ts";

export const ErasureInput = z.strictObject({
  respondent: respondent.describe(
    "Who is to be forgotten: an id of yours or an address, in whatever spelling, also as Ann <ann@shop.example> or mailto:…",
  ),
});

const removed = {
  responses: z.int().describe("Erased, as DELETE does it: the ledger still counts them"),
  texts: z
    .int()
    .describe(
      "Responses of others that stay, but for a comment or answers with the address, which are removed and do not come back",
    ),
  invitations: z.int(),
  mails: z.int().describe("What waited is not sent"),
  askings: z.int().describe("When they were asked"),
  clicks: z.int(),
  spellings: z.int(),
  suppressions: z.int().describe("Kept as a hash, so that nothing is sent to the address later either"),
  breakdown_values: z.int(),
};
export type ErasedTable = keyof typeof removed;
export const erasedTables = Object.keys(removed) as ErasedTable[];

export const Erasure = z.object({
  id: z.string(),
  state: z.enum(["running", "done"]).describe("running: the clock goes on with it, within minutes"),
  waits_for: z
    .enum(["recipients"])
    .nullable()
    .describe("recipients: those added before are read first, but nobody who is being forgotten"),
  removed: z.object(removed).describe("Rows by table, so far"),
  created_at: instantOut,
  finished_at: instantOut.nullable(),
});
export type Erasure = z.output<typeof Erasure>;

import * as z from "zod";
import { instantOut } from "./fields.ts";

export const Sightings = z.object({
  data: z.array(
    z.object({
      origin: z
        .string()
        .describe("Scheme, host and port of the page, as its browser said; others can claim any"),
      first_seen_at: instantOut,
      last_seen_at: instantOut.describe("Renewed once an hour"),
      registered: z.boolean().describe("A publishable key in use names it among its origins"),
    }),
  ),
});
export type Sightings = z.output<typeof Sightings>;

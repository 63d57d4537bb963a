import * as z from "zod";

export const Samples = z.object({
  loaded: z.int().describe("Touchpoints that are there; 0: no sample is"),
  total: z.int().describe("Touchpoints of a whole sample: one for each kind of survey"),
  data: z
    .array(z.object({ touchpoint: z.string(), survey: z.string(), kind: z.string() }))
    .describe("Those that are there. All their answers are invented, and have the property sample: true"),
});
export type Samples = z.output<typeof Samples>;

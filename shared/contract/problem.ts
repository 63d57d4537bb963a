import * as z from "zod";

export const FieldErrors = z.array(
  z.object({
    pointer: z.string().describe("JSON pointer into the body, or ?name of the query"),
    detail: z.string(),
  }),
);

/** RFC 9457. */
export const ProblemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  request_id: z.string(),
  errors: FieldErrors.optional(),
});

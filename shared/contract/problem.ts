import * as z from "zod";

/** Every problem that Candor answers (RFC 9457). The reference at /docs and the OpenAPI document read this table. */
export const PROBLEMS = {
  "malformed-request": { status: 400, title: "The request could not be read" },
  unauthorized: { status: 401, title: "A valid key is needed" },
  forbidden: { status: 403, title: "This key may not do that" },
  "sign-in-again": { status: 403, title: "This needs a session that began within the last 15 minutes" },
  "not-found": { status: 404, title: "There is nothing here" },
  "method-not-allowed": { status: 405, title: "This path does not take that method" },
  conflict: { status: 409, title: "This contradicts what is already stored" },
  "link-expired": { status: 410, title: "This survey link has expired" },
  "precondition-failed": { status: 412, title: "It was changed since you read it" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "This content type is not taken here" },
  "invalid-input": { status: 422, title: "Some of the input is not valid" },
  "surveys-disagree": { status: 422, title: "These surveys have no common score" },
  "rate-limited": { status: 429, title: "Too many requests" },
  "internal-error": { status: 500, title: "Something went wrong on our side" },
  overloaded: { status: 503, title: "The database is busy" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemName = keyof typeof PROBLEMS;

export const FieldErrors = z.array(
  z.object({
    pointer: z.string().describe("JSON pointer into the body, or ?name of the query"),
    detail: z.string(),
  }),
);

/** One wrong field. */
export type FieldError = z.output<typeof FieldErrors>[number];

/** RFC 9457. */
export const ProblemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  request_id: z.string(),
  errors: FieldErrors.optional(),
});

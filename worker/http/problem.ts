import { type FieldError, PROBLEMS, type ProblemName } from "../../shared/contract/problem.ts";

interface ProblemExtras {
  detail?: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
}

/** Seconds after which a client should try again. */
const retryAfter: Partial<Record<ProblemName, string>> = { "rate-limited": "60", overloaded: "5" };

const maxErrorBytes = 1400;
const utf8 = new TextEncoder();

/** The first errors whose JSON stays within `maxErrorBytes`, and always at least one. */
export function firstErrors(errors: readonly FieldError[]): FieldError[] {
  let bytes = 0;
  return errors.filter((error, index) => {
    bytes += utf8.encode(JSON.stringify(error)).length + 1;
    return index === 0 || bytes <= maxErrorBytes;
  });
}

/** Thrown anywhere in a request; `app.ts` answers it as `application/problem+json`. */
export class Problem extends Error {
  readonly problem: ProblemName;
  readonly extras: ProblemExtras;

  constructor(problem: ProblemName, extras: ProblemExtras = {}) {
    super(problem);
    this.problem = problem;
    this.extras = extras;
  }

  /** A 422 about one field. */
  static field(pointer: string, detail: string): Problem {
    return new Problem("invalid-input", { errors: [{ pointer, detail }] });
  }

  get status(): number {
    return PROBLEMS[this.problem].status;
  }

  /** The body as RFC 9457 defines it, with as many field errors as keep it below 2 kB. */
  details(requestId: string) {
    const { status, title } = PROBLEMS[this.problem];
    const { detail, errors } = this.extras;
    return {
      type: `/docs#${this.problem}`,
      title,
      status,
      ...(detail && { detail }),
      request_id: requestId,
      ...(errors && { errors: firstErrors(errors) }),
    };
  }

  respond(requestId: string): Response {
    const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
    const wait = retryAfter[this.problem];
    if (wait) headers.set("retry-after", wait);
    for (const [name, value] of Object.entries(this.extras.headers ?? {})) headers.set(name, value);
    return new Response(JSON.stringify(this.details(requestId)), { status: this.status, headers });
  }
}

/** The value. Throws not-found where it is null or undefined. */
export function orNotFound<Found>(found: Found | null | undefined): Found {
  if (found === null || found === undefined) throw new Problem("not-found");
  return found;
}

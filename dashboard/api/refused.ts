import type { ProblemName } from "../../shared/contract/problem.ts";

/** Why there is no answer, in the terms of RFC 9457. */
export class Refused extends Error {
  /** 0: the server was not reached. */
  readonly status: number;
  /** "": the answer names none. */
  readonly problem: ProblemName | "";
  /** What support is told; null where the server was not reached. */
  readonly requestId: string | null;
  readonly detail: string;

  constructor(status: number, problem: ProblemName | "" = "", requestId: string | null = null, detail = "") {
    super(problem || `status ${status}`);
    this.status = status;
    this.problem = problem;
    this.requestId = requestId;
    this.detail = detail;
  }
}

interface Problem {
  type?: string;
  detail?: string;
  request_id?: string;
}

export async function refusalOf(answer: Response): Promise<Refused> {
  const { type = "", detail, request_id }: Problem = await answer.json().catch(() => ({}));
  const id = request_id ?? answer.headers.get("x-request-id");
  // A page from before a deployment may meet a newer name: it is none that it asks for.
  const [, problem] = type.split("#") as [string, ProblemName?];
  return new Refused(answer.status, problem, id, detail);
}

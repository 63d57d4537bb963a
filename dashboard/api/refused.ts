/** Why there is no answer, in the terms of RFC 9457. */
export class Refused extends Error {
  /** 0: the server was not reached. */
  readonly status: number;
  /** The problem's slug, such as `surveys-disagree`; "" where there is none. */
  readonly problem: string;
  /** What support is told; null where the server was not reached. */
  readonly requestId: string | null;
  readonly detail: string;

  constructor(status: number, problem = "", requestId: string | null = null, detail = "") {
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
  return new Refused(answer.status, type.split("#")[1], id, detail);
}

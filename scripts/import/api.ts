import ky, { isHTTPError } from "ky";
import type * as z from "zod";
import { pageOf } from "../../shared/contract/fields.ts";
import { Workspace } from "../../shared/contract/keys.ts";
import { ProblemDetails } from "../../shared/contract/problem.ts";
import { BatchResult } from "../../shared/contract/responses.ts";
import { Survey } from "../../shared/contract/surveys/surveys.ts";
import { Touchpoint } from "../../shared/contract/surveys/touchpoints.ts";

/** The part of Candor's API that an import uses. */
export interface Api {
  surveys: () => Promise<Survey[]>;
  /** The workspace's IANA zone, and the secret from which ids are derived. */
  workspace: () => Promise<{ timeZone: string; secret: string }>;
  touchpoints: () => Promise<z.infer<typeof Touchpoint>[]>;
  /** Saves rows, given as JSON texts, and returns the result of each, in order. */
  save: (rows: readonly string[]) => Promise<z.infer<typeof BatchResult>["results"]>;
}

export function apiOf(url: string, key: string): Api {
  const api = ky.create({
    prefix: `${url}/v1`,
    headers: { authorization: `Bearer ${key}` },
    timeout: 60_000,
    // About two minutes. Batches are retried too: their rows' ids make that idempotent.
    retry: {
      limit: 10,
      methods: ["get", "post"],
      statusCodes: [408, 429, 500, 502, 503, 504],
      afterStatusCodes: [429, 503],
      backoffLimit: 30_000,
      jitter: true,
      retryOnTimeout: true,
    },
  });
  const list = async <Item extends z.ZodType>(
    path: string,
    item: Item,
    cursor?: string,
  ): Promise<z.output<Item>[]> => {
    const searchParams = { limit: 100, ...(cursor !== undefined && { cursor }) };
    // Few retries, since this request comes first and a wrong address should be reported at once.
    const answer = await api.get(path, { searchParams, retry: { limit: 2 } }).json();
    const { data, next_cursor: next } = pageOf(item).parse(answer);
    return next === null ? data : [...data, ...(await list(path, item, next))];
  };
  return {
    surveys: () => list("surveys", Survey),
    workspace: async () => {
      const { time_zone, import_secret } = Workspace.parse(await api.get("workspace").json());
      return { timeZone: time_zone, secret: import_secret };
    },
    touchpoints: () => list("touchpoints", Touchpoint),
    save: async (rows) => {
      const body = `{"channel":"import","responses":[${rows.join(",")}]}`;
      const headers = { "content-type": "application/json" };
      return BatchResult.parse(await api.post("responses/batch", { body, headers }).json()).results;
    },
  };
}

/** Describes what went wrong with a request or a file. A problem from the server describes itself. */
export function messageOf(error: unknown): string {
  if (!isHTTPError(error)) return error instanceof Error ? error.message : String(error);
  const { success, data } = ProblemDetails.safeParse(error.data);
  const told = success
    ? [data.title, data.detail, ...(data.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`)]
    : [];
  const parts = [`The server answered ${error.response.status}`, ...told];
  return parts.filter((part) => part !== undefined).join(": ");
}

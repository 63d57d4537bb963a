import type { Hono } from "hono";
import type * as z from "zod";
import { AuditEntry, AuditQuery } from "../../../shared/contract/audit.ts";
import { pageOf } from "../../../shared/contract/fields.ts";
import { fromJson } from "../../db/json.ts";
import type { App } from "../../environment.ts";
import { csvLine } from "../../http/csv.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { pageBody, readCursor } from "../../http/paging.ts";
import { type EntryRow, listEntries } from "../db/entries.ts";

/** Entries of a file. */
const maxExported = 1000;

const entryJson = (row: EntryRow): z.input<typeof AuditEntry> => ({
  id: row.id,
  at: new Date(row.at).toISOString(),
  by: { id: row.by, name: row.name },
  what: row.what,
  thing: row.thing,
  changes: Object.entries(fromJson(row.changes)).flatMap(([field, change]) =>
    change ? [{ field, before: change[0], after: change[1] }] : [],
  ),
  request_id: row.request,
});

const columns = ["at", "by", "name", "what", "thing", "field", "before", "after", "request_id", "id"];

/** A line for each changed field, and one for an act without any. */
const linesOf = ({ at, by, what, thing, changes, request_id, id }: z.input<typeof AuditEntry>): string[] =>
  (changes.length > 0 ? changes : [{ field: "", before: null, after: null }]).map((one) =>
    csvLine([at, by.id, by.name, what, thing, one.field, one.before, one.after, request_id, id]),
  );

export function auditRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/audit",
      access: "manage",
      summary: "Who changed what, the newest first; kept for 400 days",
      query: AuditQuery,
      answers: { 200: { description: "A page of entries", schema: pageOf(AuditEntry) } },
    },
    async ({ c, caller, query: { format, limit, cursor, ...filter } }) => {
      const [before = ""] = readCursor(cursor, /^(aud_[0-9a-z]{26})$/);
      const most = format === "json" ? limit : maxExported;
      const rows = await listEntries(c.var.db, caller.workspace, filter, before, most + 1);
      const { data, next_cursor } = pageBody(rows, most, entryJson, ({ id }) => id);
      if (format === "json") return json(c, { data, next_cursor });
      const lines =
        format === "csv"
          ? [csvLine(columns), ...data.flatMap(linesOf)]
          : data.map((entry) => `${JSON.stringify(entry)}\n`);
      return c.body(lines.join(""), 200, {
        "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson",
        "content-disposition": `attachment; filename="audit.${format}"`,
        ...(next_cursor && { "candor-next-cursor": next_cursor }),
      });
    },
  );
}

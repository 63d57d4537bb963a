import type { Deployment } from "./largest-input.ts";

const times = <Item>(count: number, item: (n: number) => Item) =>
  Array.from({ length: count }, (_, n) => item(n));

/** Makes more work due than one run of a job does, of every sort. */
export async function largestWork({ d1, write, send }: Deployment): Promise<void> {
  const sql = (text: string, count = 0) =>
    d1
      .prepare(text)
      .bind(...(count ? [JSON.stringify(times(count, (n) => n))] : []))
      .run();
  const api = async (method: string, path: string, json: object) => {
    const answer = await send(path, { method, key: write, json });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  };
  const responses = times(100, (n) => ({
    id: crypto.randomUUID(),
    touchpoint: "relationship",
    rating: n % 11,
  }));
  await api("POST", "/v1/responses/batch", { responses });
  await sql(
    `INSERT INTO touchpoints (id, workspace_ref, name, survey_ref, created_at)
     SELECT 'tp_' || value, 1, 't' || value, 1, 0 FROM json_each(?1)`,
    100,
  );
  for (const n of times(10, (n) => n)) await api("POST", "/v1/breakdowns", { dimension: `property:p${n}` });
  await sql("UPDATE breakdowns SET counted_to = '', removed_at = IIF(ref % 2, 1, NULL)");
  await sql(
    `INSERT INTO askings (workspace_ref, person, asked_at, survey_ref, touchpoint_ref, channel)
     SELECT 1, value, value, 1, 1, 'widget' FROM json_each(?1)`,
    2000,
  );
  await sql(
    `INSERT INTO clicks (workspace_ref, response, touchpoint_ref, survey_ref, rating, times, signs, first_at, last_at)
     SELECT 1, value, 1, 1, 1, 1, 0, 1, 1 FROM json_each(?1)`,
    2000,
  );
  await sql(
    `INSERT INTO audit_entries (workspace_ref, id, at, made_by, what, thing, request, changes)
     SELECT 1, value, 0, 'key_1', 'key.created', value, '', '{}' FROM json_each(?1)`,
    2000,
  );
  await sql(
    `INSERT INTO sign_in_tries (network, tries, ends_at) SELECT value, 1, 0 FROM json_each(?1)`,
    2000,
  );
  await sql("UPDATE responses SET respondent = value || '@shop.example' FROM json_each(?1)", 1);
  await sql(
    `INSERT INTO erasures (id, workspace_ref, person, spellings, step, created_at)
     SELECT 'ers_' || value, 1, value, json_array(value || '@shop.example'), 'rows', 0 FROM json_each(?1)`,
    3,
  );
  await sql(
    "INSERT INTO workspaces (id, name, created_at) SELECT 'wsp_' || value, 'other', 0 FROM json_each(?1)",
    20,
  );
  await sql("UPDATE rating_counts SET r5 = r5 + 1");
  const from = { address: "feedback@shop.example", name: "Shop" };
  await api("PATCH", "/v1/workspace", {
    mail: { from, postal_address: "1 Main Street", quiet_hours: { from: 12, to: 23 } },
  });
  const { id } = await api("POST", "/v1/campaigns", {
    name: "all",
    touchpoint: "relationship",
    remind_after_days: 1,
  });
  // Recipients in as many zones as possible, half of which have quiet hours now.
  const zones = Intl.supportedValuesOf("timeZone");
  const zoneOf = (n: number) => zones[Math.floor((n * zones.length) / 60)];
  const recipients = times(60, (n) => ({ email: `${n}@shop.example`, time_zone: zoneOf(n) }));
  await api("POST", `/v1/campaigns/${id}/recipients`, { recipients });
  await api("PATCH", `/v1/campaigns/${id}`, { state: "running" });
}

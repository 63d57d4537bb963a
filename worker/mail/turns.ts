import { minuteMs } from "../../shared/time/durations.ts";
import { mayGoAt } from "./attempt.ts";
import type { Turn } from "./db/claims.ts";
import type { Opening, QueueRow } from "./db/queues.ts";

/** A campaign whose turn it is, with all its queues. */
export interface Waiting {
  campaign: number;
  rows: readonly QueueRow[];
}

const opensAt = ({ sender, zone, workspaceZone }: QueueRow, now: number) =>
  mayGoAt(sender, zone || workspaceZone, now);

const isOpen = (row: QueueRow, now: number) =>
  row.zone !== null && (row.endsAt ?? now + 1) > now && opensAt(row, now) <= now;

const isDue = (row: QueueRow, now: number) =>
  (row.dueAt ?? 0) <= now && (row.reminder === 1 || (row.pacedTo ?? 0) <= now);

/** The campaigns that can send something now; for the others, when each of their zones opens. */
export function turnsOf(rows: readonly QueueRow[], now: number): { waiting: Waiting[]; openings: Opening[] } {
  const waiting: Waiting[] = [];
  const openings: Opening[] = [];
  for (const [campaign, own] of Map.groupBy(rows, (row) => row.campaign)) {
    if (own.some((row) => isOpen(row, now) && isDue(row, now))) waiting.push({ campaign, rows: own });
    else openings.push(...own.map((row) => ({ campaign, zone: row.zone, opensAt: opensAt(row, now) })));
  }
  return { waiting, openings };
}

/** The zones of a campaign in which mails may go now. Each minute, another zone comes first. */
export function turnOf({ campaign, rows }: Waiting, now: number): Turn {
  const zones = (reminder: number) => {
    const open = rows.flatMap((row) =>
      row.reminder === reminder && row.zone !== null && isOpen(row, now) ? [row.zone] : [],
    );
    const first = open.length > 0 ? Math.floor(now / minuteMs) % open.length : 0;
    return [...open.slice(first), ...open.slice(0, first)];
  };
  const isPaced = rows.some(({ mailsPerHour }) => mailsPerHour !== null);
  return { campaign, isPaced, firsts: zones(0), reminders: zones(1) };
}

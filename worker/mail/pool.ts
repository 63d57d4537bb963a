import type { MailState } from "../../shared/contract/mail/sends.ts";
import { type Database, DatabaseBusy } from "../db/database.ts";
import type { Hold } from "./attempt.ts";
import { type ClaimedMail, type MailResult, recordAndClaim } from "./db/claims.ts";
import { turnOf, type Waiting } from "./turns.ts";

/** Mails that a run claims at a time. A killed run leaves at most this many in doubt. */
const claimedAtOnce = 20;
/** Statements that are kept for recording what became of claimed mails, and for retrying that. */
const keptForRecords = 20;
/** ms between the tries to record results. Giving up would put the mails in doubt. */
const recordDelays = [1000, 5000, 20_000];

/** What the senders of one run share: the mails that the run has claimed, and their results. */
export class Pool {
  /** Why nothing more is sent; null: go on. */
  hold: Hold | null = null;
  readonly states: Partial<Record<MailState, number>> = {};
  /** Campaigns of which mails were claimed, and campaigns whose turn has not come. */
  readonly served = new Set<number>();
  readonly waiting: Waiting[];
  readonly #db: Database;
  /** How many mails may still be claimed. */
  #left: number;
  /** Claimed mails that nobody sends yet, grouped by person, since one person's mails are sent one after the other. */
  readonly #ready: ClaimedMail[][] = [];
  #done: MailResult[] = [];
  /** Mails that are claimed and not yet recorded. */
  #claimed = 0;
  /** Campaigns that may have more mails than were claimed: other mails to the same people were being sent. */
  readonly #heldUp: Waiting[] = [];
  #refilling: Promise<void> | null = null;
  /** Nothing more can be claimed now (dry), or in this whole run (empty). */
  #isDry = false;
  #isEmpty = false;

  constructor(db: Database, maxMails: number, waiting: readonly Waiting[]) {
    this.#db = db;
    this.#left = maxMails;
    this.waiting = [...waiting];
  }

  /** The mails to one person; null: this sender gets no more. */
  async next(): Promise<ClaimedMail[] | null> {
    for (;;) {
      const mails = this.#ready.shift();
      if (mails) return mails;
      // The sender of the last claimed mail checks whether it held something up.
      if (this.#isDry && (this.#inFlight > 0 || this.#isEmpty)) return null;
      this.#refilling ??= this.#refill().finally(() => {
        this.#refilling = null;
      });
      await this.#refilling;
    }
  }

  /** Notes the result of one mail. */
  note(result: MailResult, hold: Hold | null): void {
    this.hold ??= hold;
    this.#done.push(result);
    this.states[result.state] = (this.states[result.state] ?? 0) + 1;
  }

  /** Mails that are being sent, when none is ready. */
  get #inFlight(): number {
    return this.#claimed - this.#done.length;
  }

  /** Records results and claims more, until mails are ready or none is due. */
  async #refill(): Promise<void> {
    this.#isDry = false;
    while (this.#ready.length === 0 && !this.#isDry) {
      const mayClaim = !this.hold && this.#db.left >= keptForRecords;
      const maxMails = mayClaim ? Math.min(claimedAtOnce - this.#inFlight, this.#left) : 0;
      if (maxMails > 0) await this.#claim(maxMails);
      else this.#isDry = this.#isEmpty = true;
    }
  }

  async #claim(maxMails: number): Promise<void> {
    const now = Date.now();
    const campaign = this.waiting.shift();
    const turn = campaign ? turnOf(campaign, now) : null;
    const others = this.#inFlight;
    const mails = await this.#record({ claim: crypto.randomUUID(), maxMails, turn }, now);
    this.#left -= mails.length;
    this.#claimed += mails.length;
    this.#ready.push(...Map.groupBy(mails, ({ person }) => person).values());
    if (campaign) {
      this.served.add(campaign.campaign);
      if (mails.length === maxMails) this.waiting.push(campaign);
      // Mails being sent may be to the same people, who get one mail at a time.
      else if (others > 0) this.#heldUp.push(campaign);
    }
    if (this.#ready.length > 0 || this.waiting.length > 0) return;
    this.#isDry = this.#inFlight > 0 || this.#heldUp.length === 0;
    this.#isEmpty = others === 0 && this.#heldUp.length === 0;
    if (!this.#isDry) this.waiting.push(...this.#heldUp.splice(0));
  }

  /** Records the remaining results. */
  async finish(): Promise<void> {
    if (this.#done.length > 0) await this.#record(null, Date.now());
  }

  async #record(next: Parameters<typeof recordAndClaim>[2], now: number): Promise<ClaimedMail[]> {
    const done = [...this.#done];
    const mails = await retryWhenBusy(() => recordAndClaim(this.#db, done, next, now));
    this.#done = this.#done.slice(done.length);
    this.#claimed -= done.length;
    return mails;
  }
}

async function retryWhenBusy<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (const delay of recordDelays) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof DatabaseBusy)) throw error;
      await scheduler.wait(delay);
    }
  }
  return ask();
}

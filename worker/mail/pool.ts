import type { MailState } from "../../shared/contract/mail/sends.ts";
import { type Database, DatabaseBusy } from "../db/database.ts";
import type { Hold } from "./attempt.ts";
import { type ClaimedMail, type MailResult, recordAndClaim } from "./db/claims.ts";
import { turnOf, type Waiting } from "./turns.ts";

/** Mails that a run has claimed at a time: a kill leaves so many in doubt at most. */
const claimedAtOnce = 20;
/** Statements that are left for what was claimed to be written down, if need be again. */
const keptForRecords = 20;
/** ms between the tries to write down what became of mails: given up, they would be in doubt. */
const recordDelays = [1000, 5000, 20_000];

/** What the senders of one run share: the mails that it has claimed, and what became of them. */
export class Pool {
  /** Why nothing more is sent; null: go on. */
  hold: Hold | null = null;
  readonly states: Partial<Record<MailState, number>> = {};
  /** Campaigns that something was claimed of, and those whose turn did not come. */
  readonly served = new Set<number>();
  readonly waiting: Waiting[];
  readonly #db: Database;
  /** Mails that may still be claimed. */
  #left: number;
  /** That nobody sends yet: one person's each, since they are sent one after the other. */
  readonly #ready: ClaimedMail[][] = [];
  #done: MailResult[] = [];
  /** Claimed, and not written down yet. */
  #claimed = 0;
  /** Campaigns of which less was claimed than there may be, since others of their people's mails were being sent. */
  readonly #heldUp: Waiting[] = [];
  #refilling: Promise<void> | null = null;
  /** Nothing more can be claimed now; or ever in this run. */
  #isDry = false;
  #isEmpty = false;

  constructor(db: Database, most: number, waiting: readonly Waiting[]) {
    this.#db = db;
    this.#left = most;
    this.waiting = [...waiting];
  }

  /** The mails to one person; null: there are no more for whoever asks. */
  async next(): Promise<ClaimedMail[] | null> {
    for (;;) {
      const mails = this.#ready.shift();
      if (mails) return mails;
      // Who sends the last of what is claimed looks whether something was held up by it.
      if (this.#isDry && (this.#inFlight > 0 || this.#isEmpty)) return null;
      this.#refilling ??= this.#refill().finally(() => {
        this.#refilling = null;
      });
      await this.#refilling;
    }
  }

  /** What became of one of them. */
  note(result: MailResult, hold: Hold | null): void {
    this.hold ??= hold;
    this.#done.push(result);
    this.states[result.state] = (this.states[result.state] ?? 0) + 1;
  }

  /** Claimed, and not sent yet, while nothing is ready. */
  get #inFlight(): number {
    return this.#claimed - this.#done.length;
  }

  /** Writes down what is done, and claims more: until there is some, or nothing is due. */
  async #refill(): Promise<void> {
    this.#isDry = false;
    while (this.#ready.length === 0 && !this.#isDry) {
      const mayClaim = !this.hold && this.#db.left >= keptForRecords;
      const most = mayClaim ? Math.min(claimedAtOnce - this.#inFlight, this.#left) : 0;
      if (most > 0) await this.#claim(most);
      else this.#isDry = this.#isEmpty = true;
    }
  }

  async #claim(most: number): Promise<void> {
    const now = Date.now();
    const campaign = this.waiting.shift();
    const turn = campaign ? turnOf(campaign, now) : null;
    const others = this.#inFlight;
    const mails = await this.#record({ claim: crypto.randomUUID(), most, turn }, now);
    this.#left -= mails.length;
    this.#claimed += mails.length;
    this.#ready.push(...Map.groupBy(mails, ({ person }) => person).values());
    if (campaign) {
      this.served.add(campaign.campaign);
      if (mails.length === most) this.waiting.push(campaign);
      // What is being sent may be to the same people, who get one mail at a time.
      else if (others > 0) this.#heldUp.push(campaign);
    }
    if (this.#ready.length > 0 || this.waiting.length > 0) return;
    this.#isDry = this.#inFlight > 0 || this.#heldUp.length === 0;
    this.#isEmpty = others === 0 && this.#heldUp.length === 0;
    if (!this.#isDry) this.waiting.push(...this.#heldUp.splice(0));
  }

  /** Writes down what is done. */
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

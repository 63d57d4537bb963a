import type { Properties } from "../../../shared/asking/asking.ts";
import type { Channel } from "../../../shared/contract/fields.ts";
import type { Answers } from "../../../shared/contract/surveys/follow-up.ts";
import type { Json } from "../../db/json.ts";

/** A response on its way in: validated, with its references resolved. Times in unix ms. */
export interface NewResponse {
  id: string;
  /** An id under which it may have been saved before, in the same channel. If so, it is that response. */
  earlierId?: string | undefined;
  touchpointRef: number;
  surveyRef: number;
  /** The version of the survey that was shown. null or left out: it is not said. */
  surveyVersion?: number | null | undefined;
  rating: number;
  /** null: the message says nothing about it. */
  comment: string | null;
  /** To the survey's steps, complete as of now. Left out: the message says nothing about them. */
  answers?: Answers | undefined;
  /** Steps about which `answers` say nothing all the same: earlier answers to them stay. */
  leftOut?: readonly string[] | undefined;
  /** Steps, possibly `comment`, that are not asked after this rating. Earlier answers to them are removed. */
  unasked?: readonly string[];
  /** The survey's steps by which that was found. Where it has others meanwhile, no earlier answer is removed. */
  stepsVersion?: number;
  channel: Channel;
  locale: string | null;
  respondent: string | null;
  /** Whom it says that it is from, without proof, so it decides nothing. Left out: nobody. */
  claimed?: string | null | undefined;
  properties: Properties | null;
  revision: number;
  /**
   * The stored revision from which this was made: where it is another by now, nothing is stored, and the status is
   * `unchanged`. -1: nothing was stored. Left out: this says all by itself. Only for a response that is saved alone.
   */
  madeFrom?: number | undefined;
  answeredAt: number;
  /**
   * A page's or a link's: it counts in the time in which its survey was asked at its touchpoint, as the database knows it
   * when it is saved. What an isolate remembers may be a minute old. So no period mixes two surveys. What no page asked
   * there is refused from a page. A link to what never stood there was made on purpose, and counts when it is answered.
   */
  withinAsked?: boolean;
}

/**
 * `conflict`: the id belongs to a response at another survey or touchpoint, or to one that no visitor's page made.
 * `unasked`: not stored, since nobody was asked its survey at its touchpoint.
 */
export type SaveStatus = "created" | "updated" | "unchanged" | "conflict" | "unasked";

/** What became of a response, and the id under which it is stored. */
export interface Saved {
  status: SaveStatus;
  id: string;
}

/** A response and its workspace: those of several workspaces are saved together. */
export interface Incoming extends NewResponse {
  workspace: number;
  /** Unix ms. */
  receivedAt: number;
}

export interface StoredResponse {
  id: string;
  touchpoint: string;
  survey: string;
  /** As `answeredVersion` finds it. */
  surveyVersion: number | null;
  rating: number;
  comment: string | null;
  channel: Channel;
  locale: string | null;
  respondent: string | null;
  claimed: string | null;
  properties: Json<Properties> | null;
  answers: Json<Answers> | null;
  exclusion: string;
  excludedAt: number | null;
  excludedBy: string | null;
  revision: number;
  answeredAt: number;
  receivedAt: number;
  updatedAt: number | null;
}

/**
 * What stands for a comment that its writer took back, so that no late message brings it back. Nobody can send it, since
 * a comment is trimmed. It is shown as none.
 */
export const takenBack = " ";

/**
 * What stands for a comment, or an answer to a step, that somebody's erasure took out of another's response. Nobody can
 * send it. It is shown as none, and no later message replaces it.
 */
export const forgotten = "";

/** An erased response stays as a bare row, so that the ledger still adds up and a late retry cannot restore it. */
export const erased = "erased";

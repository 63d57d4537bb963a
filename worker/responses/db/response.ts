import type { Properties } from "../../../shared/asking/asking.ts";
import type { Channel } from "../../../shared/contract/fields.ts";
import type { Answers } from "../../../shared/contract/surveys/follow-up.ts";
import type { Json } from "../../db/json.ts";

/** A response on its way in; validated, its references resolved. Times in unix ms. */
export interface NewResponse {
  id: string;
  /** Under which it may have been saved before, in the same channel; then it is that one. */
  earlierId?: string | undefined;
  touchpointRef: number;
  surveyRef: number;
  rating: number;
  comment: string | null;
  /** To the survey's steps, all of them as they are now; left out: it says nothing of them. */
  answers?: Answers | undefined;
  /** Steps, `comment` among them, that are not asked after this rating: what was answered to them before goes. */
  unasked?: readonly string[];
  channel: Channel;
  locale: string | null;
  respondent: string | null;
  /** Whom it says that it is from, where nobody proved that: it decides nothing. Left out: nobody. */
  claimed?: string | null | undefined;
  properties: Properties | null;
  revision: number;
  answeredAt: number;
}

/** `conflict`: the id belongs to an answer at another survey or touchpoint, or to one that no visitor's page gave. */
export type SaveStatus = "created" | "updated" | "unchanged" | "conflict";

/** What became of a response, and the id that it has. */
export interface Saved {
  status: SaveStatus;
  id: string;
}

/** A response and whose it is: those of several workspaces are saved together. */
export interface Incoming extends NewResponse {
  workspace: number;
  /** Unix ms. */
  receivedAt: number;
}

export interface StoredResponse {
  id: string;
  touchpoint: string;
  survey: string;
  rating: number;
  comment: string | null;
  channel: Channel;
  locale: string | null;
  respondent: string | null;
  claimed: string | null;
  properties: Json<Properties> | null;
  answers: Json<Answers> | null;
  exclusion: string;
  revision: number;
  answeredAt: number;
  receivedAt: number;
  updatedAt: number | null;
}

/** An erased response stays as a bare row: the ledger keeps its sum, and a late retry cannot bring it back. */
export const erased = "erased";

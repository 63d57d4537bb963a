import type { CampaignRow } from "./db/campaigns.ts";

type State = CampaignRow["state"];

/** The states from which a campaign can reach another state. */
const transitions: Record<State, readonly State[]> = {
  draft: [],
  running: ["draft", "paused"],
  paused: ["running"],
  cancelled: ["draft", "running", "paused"],
};

/** Whether a campaign in one state may be set to another, or stays in it. */
export const canBecome = (from: State, to: State): boolean => from === to || transitions[to].includes(from);

import type { CampaignRow } from "./db/campaigns.ts";

type State = CampaignRow["state"];

/** By state of a campaign, the states from which it can be reached. */
export const transitions: Readonly<Record<State, readonly State[]>> = {
  draft: [],
  running: ["draft", "paused"],
  paused: ["running"],
  cancelled: ["draft", "running", "paused"],
};

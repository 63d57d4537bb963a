/** What the dashboard's page carries as data, so that no view has to ask for it. Types alone: no answer of the API has them. */
import type { Role } from "./members/members.ts";

export interface PageTouchpoint {
  name: string;
  /** The kind of the survey asked there; null: none is. */
  kind: string | null;
  /** The public id of that survey. */
  survey: string | null;
  /** Since when there is something to answer: RFC 3339. */
  since: string;
  /** Its answers are invented: it is of the sample data. */
  sample?: true;
}

export interface PageSurvey {
  id: string;
  name: string;
  kind: string;
  /** As respondents read it in the survey's own language. */
  question: string;
  scale: { min: number; max: number };
}

/** A publishable key as snippets have it. */
export interface PageKey {
  id: string;
  name: string;
  key: string;
  /** Empty: any. */
  origins: string[];
}

export interface PageData {
  /** `timeZone` null: as the browser says. */
  member: { id: string; name: string; timeZone: string | null };
  /** The member's in this workspace. */
  role: Role;
  workspace: { id: string; name: string; timeZone: string };
  /** All that the member may open, this one included. */
  workspaces: { id: string; name: string }[];
  /** null: too many to carry. They are then found by name. */
  touchpoints: PageTouchpoint[] | null;
  surveys: PageSurvey[] | null;
  /** null: none that can be shown. */
  key: PageKey | null;
  /** Whether anybody has ever answered, counted or not. */
  answered: boolean;
}

/** The views that load apart. */
export type DashboardView = "home" | "touchpoint" | "gallery" | "install" | "members" | "audit" | "account";

/** The addresses of what one page loads. */
export interface PageFiles {
  script: string;
  style: string;
  /** The modules that the script imports. */
  preload: string[];
  /** By language. */
  words: Record<string, string>;
}

/** The addresses of a build's files, which the worker puts into the pages (scripts/build/build-dashboard.ts). */
export interface DashboardFiles extends PageFiles {
  /** The further modules of a view. */
  views: Record<DashboardView, string[]>;
  /** The page on which one signs in. */
  signIn: PageFiles;
}

import { build } from "../scripts/build/build.ts";

/** Builds before the tests, so that they run against the files of this source. */
export default async function setup(): Promise<void> {
  await build();
}

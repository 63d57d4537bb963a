import { build } from "../scripts/build/build.ts";

/** Tests run against the files of this source, whatever was built before. */
export default async function setup(): Promise<void> {
  await build();
}

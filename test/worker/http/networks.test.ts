import fc from "fast-check";
import { expect, test } from "vitest";
import { networksOf } from "../../../worker/http/networks.ts";

test("an IPv6 address counts towards its /64 and the /48 around it, whatever it is in them", () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const groups = fc
    .array(group, { minLength: 8, maxLength: 8 })
    .filter((all) => all.slice(0, 5).some((one) => one > 0));
  fc.assert(
    fc.property(groups, fc.array(group, { minLength: 4, maxLength: 4 }), (all, others) => {
      const written = (list: number[]) => list.map((one) => one.toString(16)).join(":");
      const networks = networksOf(written(all));
      expect(networks).toEqual([`${written(all.slice(0, 4))}::/64`, `${written(all.slice(0, 3))}::/48`]);
      expect(networksOf(written([...all.slice(0, 4), ...others]))).toEqual(networks);
    }),
    { seed: 20_261_128, numRuns: 1_000 },
  );
});

test.each([
  "2001:db8:0:1::7",
  "2001:0DB8:0000:0001:0000:0000:0000:0007",
  "2001:db8:0:1:0:0:0.0.0.7",
  " 2001:db8:0:1::7%eth0 ",
])("%s is written in one way", (address) => {
  expect(networksOf(address)).toEqual(["2001:db8:0:1::/64", "2001:db8:0::/48"]);
});

test.each(["198.51.100.7", "::ffff:198.51.100.7", "::FFFF:c633:6407", "0:0:0:0:0:ffff:198.51.100.7"])(
  "%s is one IPv4 address, and in no network",
  (address) => expect(networksOf(address)).toEqual(["198.51.100.7"]),
);

test.each(["", "unknown", "2001:db8::1::2", ":::", "300.1.1.1", "a:b"])(
  "%j is no address, and counts as it is",
  (address) => expect(networksOf(address)).toEqual([address]),
);

test("the loopback and the unspecified address are addresses like others", () => {
  expect(networksOf("::1")).toEqual(["0:0:0:0::/64", "0:0:0::/48"]);
  expect(networksOf("::")).toEqual(networksOf("::1"));
});

import assert from "node:assert/strict";
import { readCommandLine } from "./flags/command_line.ts";
import { pricePerDay, TimeSpan } from "./price.ts";
import { simRequest } from "./workload/sim_request.ts";

Deno.test("A run is priced by its requests and bytes, at the rate of a day", () => {
  const { settings } = readCommandLine(["--price-per-gb=0.1", "--price-per-1000-requests=0.5"]);
  const price = pricePerDay(settings, 20_000);
  const run = { requests: 10_000, upstreamRequests: 4_000, upstreamBytes: 3e9 };
  assert.equal(price(run), 2 * (4 * 0.5 + 3 * 0.1));
  assert.equal(price({ requests: 0, upstreamRequests: 0, upstreamBytes: 0 }), 0);
});

Deno.test("The rate is that of the requests' own times, where they have any", () => {
  const span = new TimeSpan();
  span.include([simRequest(1_000, "read", "a", 1), simRequest(2_000, "read", "a", 1)]);
  span.include([simRequest(11_000, "read", "a", 1)]);
  assert.equal(span.requestsPerDay, 3 * 8_640);
  const timeless = new TimeSpan();
  timeless.include([simRequest(0, "read", "a", 1)]);
  assert.equal(timeless.requestsPerDay, 10_000_000);
});

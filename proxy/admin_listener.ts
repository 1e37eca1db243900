/**
 * The admin listener with what it watches.
 *
 * @module
 */
import { type Figures, type Log, Tally, type TallyMemory } from "@s3-edge-cache/telemetry";
import { adminFront } from "./admin.ts";
import type { Crew } from "./crew.ts";
import { LiveFigures } from "./live_figures.ts";
import { namingAddress } from "./naming_address.ts";
import { OriginWatch } from "./origin_watch.ts";
import type { PastEvent } from "./recent_events.ts";
import type { Address } from "./setting.ts";
import type { Config } from "./settings.ts";

/** What it shows the proxy by. */
export interface AdminListenerOptions {
  /** The settings. */
  readonly config: Config;
  /** Those who answer requests. */
  readonly crew: Crew;
  /** What they count in, with a row for the supervisor. */
  readonly tallies: TallyMemory;
  /** A moment's figures. */
  readonly figures: () => Figures;
  /** The supervisor's own warnings and errors. */
  readonly events: () => readonly PastEvent[];
  /** Whether the proxy drains. */
  readonly isDraining: () => boolean;
  /** Takes events. */
  readonly log: Log;
}

/** An admin listener that runs. */
export interface AdminListener {
  /** Where it listens. */
  readonly address: Address;
  /** Ends it. */
  close(): Promise<void>;
}

/**
 * Starts the admin listener.
 *
 * @throws {Deno.errors.AddrInUse} and the other errors of `Deno.serve` if it can't listen.
 */
export function startAdmin(address: Address, options: AdminListenerOptions): AdminListener {
  const { config, crew, figures, log } = options;
  const tally = new Tally(options.tallies, config.WORKER_THREADS);
  const endpoint = config.UPSTREAM_ENDPOINT;
  const watch = new OriginWatch({ endpoint, sums: () => figures().sums, tally });
  const live = startLive(options);
  const front = adminFront({
    notReady: () => options.isDraining() ? "draining" : unreachable(watch, config),
    figures,
    cache: () => crew.cache,
    entriesOf: (object) => crew.entriesOf(object),
    recollect: (question) => crew.recollect(question),
    now: Date.now,
    onPurge: (order) => {
      tally.event("invalidation");
      log("info", "purged", { ...order });
    },
    listen: () => live.open(),
    names: config.ADMIN_ALLOWED_HOSTS,
  });
  const onError = (error: unknown) => {
    log("error", "admin request failed", { error: String(error) });
    return new Response(null, { status: 500 });
  };
  const server = namingAddress(
    "ADMIN_ADDR",
    address,
    () => Deno.serve({ ...address, onListen: () => {}, onError }, front),
  );
  return {
    address: { hostname: server.addr.hostname, port: server.addr.port },
    close: async () => {
      watch.stop();
      live.stop();
      await server.shutdown();
    },
  };
}

function startLive({ config, crew, figures, events }: AdminListenerOptions): LiveFigures {
  return new LiveFigures({
    figures,
    recollect: () => crew.recollect({ bucket: "", key: "" }),
    events,
    prices: {
      gigabyte: config.UPSTREAM_PRICE_PER_GB,
      thousandRequests: config.UPSTREAM_PRICE_PER_1000_REQUESTS,
    },
    now: Date.now,
  });
}

function unreachable(watch: OriginWatch, config: Config): string | undefined {
  const limit = config.UPSTREAM_UNREACHABLE_LIMIT_SECONDS;
  const since = watch.unreachableSince();
  if (limit === 0 || since === undefined) return undefined;
  const seconds = Math.floor((Date.now() - since) / 1000);
  return seconds < limit ? undefined : `the origin has been unreachable for ${seconds} seconds`;
}

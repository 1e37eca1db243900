/**
 * `deno task bench first-byte`: how soon the first byte of a miss is there.
 *
 * @module
 */
import { Connection } from "./connection.ts";
import { LARGEST_BYTES } from "./content.ts";
import { Flags } from "./flags.ts";
import { startOriginProcess } from "./origin_process.ts";
import { PEER_FLAGS, targetsOf } from "./peers.ts";
import { CREDENTIALS, RequestSigner } from "./signed_requests.ts";
import { median } from "./statistics.ts";

/** What `--help` prints. */
export const FIRST_BYTE_USAGE =
  `Measures how soon the first byte of a large miss is there: the origin itself, the
proxy and its peers, in turns, one request at a time.

Usage: deno task bench first-byte [flags]

  --size SIZE       of the objects (8MiB)
  --reads N         misses of each (40)
  --within MS       how much later than the origin's the proxy's may be, at the median (5)
  --cache-size SIZE CACHE_MAX_SIZE_BYTES (256MiB)
  --no-nginx, --peer NAME=URL, --peer-pid NAME=PID, --peer-command NAME=COMMAND, --origin-port N
                    as for deno task bench

Exit status: 0; 1 if a target does not come up or the proxy's first byte is later; 2 for wrong flags.
`;

const DEFAULTS = {
  size: "8MiB",
  reads: "40",
  within: "5",
  "cache-size": "256MiB",
  "origin-port": "0",
  ...PEER_FLAGS,
} as const;

/** Reads of each target before it is measured. */
const WARM_READS = 5;

/**
 * Runs the command.
 *
 * @returns The exit status.
 * @throws {UsageError} for wrong flags; {Error} if something does not come up.
 */
export async function firstByteCommand(args: readonly string[]): Promise<number> {
  const flags = new Flags(args, DEFAULTS, ["no-nginx"]);
  const size = flags.size("size", 1, LARGEST_BYTES);
  const reads = flags.integers("reads", 1, 10_000)[0]!;
  const within = flags.number("within", 0, 60_000);
  const cacheBytes = flags.size("cache-size", 10 * 2 ** 20, 2 ** 36);
  const port = flags.number("origin-port", 0, 65_535);
  const directory = await Deno.makeTempDir({ prefix: "s3-edge-cache-bench" });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(directory, { recursive: true }));
  const origin = stack.use(await startOriginProcess(port, "multipart"));
  const setup = { origin: origin.url, mode: "fill", workers: 1, cacheBytes } as const;
  const clients = [new FirstByteClient("origin", stack.use(await Connection.open(origin.url)))];
  for (const target of await targetsOf(flags, directory, console.error)) {
    const running = stack.use((await target.start(setup))!);
    clients.push(new FirstByteClient(target.name, stack.use(await Connection.open(running.url))));
  }
  for (let read = 0; read < WARM_READS + reads; read++) {
    for (const client of read % 2 === 0 ? clients : clients.toReversed()) {
      await client.read(`${size}/${client.name}-${read}`);
    }
  }
  for (const client of clients) {
    const [own, least] = [client.median(), client.least()].map((value) => value.toFixed(2));
    const later = (client.median() - clients[0]!.median()).toFixed(2);
    console.log(
      `${client.name}: median ${own} ms, least ${least} ms; ${later} ms after the origin`,
    );
  }
  return clients[1]!.median() - clients[0]!.median() <= within ? 0 : 1;
}

/** Reads, and notes when the first byte of each body came. */
class FirstByteClient {
  readonly name: string;
  readonly #connection: Connection;
  readonly #signer: RequestSigner = new RequestSigner("header", CREDENTIALS, Date.now);
  readonly #waits: number[] = [];

  constructor(name: string, connection: Connection) {
    this.name = name;
    this.#connection = connection;
  }

  async read(key: string): Promise<void> {
    const request = this.#signer.sign("GET", key);
    const start = performance.now();
    const { status, firstByteAt } = await this.#connection.exchange(request);
    if (status !== 200) throw new Error(`${this.name}: status ${status}`);
    this.#waits.push(firstByteAt - start);
  }

  median(): number {
    return median(this.#waits.slice(WARM_READS));
  }

  least(): number {
    return Math.min(...this.#waits.slice(WARM_READS));
  }
}

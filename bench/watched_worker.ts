/**
 * A request worker that tells its pauses, and dies when it is told, by a {@linkcode WorkerWatch}.
 *
 * @module
 */
import process from "node:process";
import { parentPort } from "node:worker_threads";
import "@s3-edge-cache/proxy/worker";
import { PauseProbe } from "./pause_probe.ts";
import { type Death, WATCH_CHANNEL, type WatchOrder, type WatchReport } from "./worker_watch.ts";

/** Arrays of 8 KB that a worker keeps in each turn until it has no more memory. */
const HOARDED_A_TURN = 1_000;

/** The order to begin, as far as it matters here. */
interface Start {
  readonly kind: "start";
  readonly options: { readonly number: number };
}

parentPort!.on("message", (order: Start | { readonly kind: "" }) => {
  if (order.kind === "start") listen(order.options.number);
});

function listen(number: number): void {
  const channel = new BroadcastChannel(WATCH_CHANNEL);
  const probe = new PauseProbe();
  const report = (message: WatchReport) => channel.postMessage(message);
  channel.onmessage = ({ data: order }: MessageEvent<WatchOrder>) => {
    if (order.number !== number) return;
    if (order.kind === "die") die(order.death);
    else report({ kind: "paused", number, pauses: probe.take() });
  };
  report({ kind: "born", number });
}

function die(death: Death): void {
  switch (death) {
    case "throw":
      throw new Error("this worker was told to throw");
    case "reject":
      return void Promise.reject(new Error("this worker was told to reject"));
    case "close":
      return close();
    case "exit":
      return process.exit(7);
    case "memory":
      return hoard([]);
  }
}

/** Keeps more and more, and goes on with its work in between. */
function hoard(arrays: unknown[]): void {
  for (let i = 0; i < HOARDED_A_TURN; i++) arrays.push(new Array(1_000).fill(i));
  setTimeout(() => hoard(arrays));
}

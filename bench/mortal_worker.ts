/**
 * A request worker that dies when it is told, by a {@linkcode Reaper}.
 *
 * @module
 */
import process from "node:process";
import { parentPort } from "node:worker_threads";
import "@s3-edge-cache/proxy/worker";
import { type Birth, type Death, DEATH_CHANNEL, type DeathOrder } from "./reaper.ts";

/** Arrays of 8 KB that a worker keeps in each turn until it has no more memory. */
const HOARDED_A_TURN = 1_000;

/** The order to begin, as far as it matters here. */
interface Start {
  readonly kind: "start";
  readonly options: { readonly number: number };
}

parentPort!.on("message", (order: Start | { readonly kind: "" }) => {
  if (order.kind !== "start") return;
  const { number } = order.options;
  const channel = new BroadcastChannel(DEATH_CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<DeathOrder>) => {
    if (data.number === number) die(data.death);
  };
  const birth: Birth = { born: number };
  channel.postMessage(birth);
});

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
    case "hang":
      for (;;);
  }
}

/** Keeps more and more, and goes on with its work in between. */
function hoard(arrays: unknown[]): void {
  for (let i = 0; i < HOARDED_A_TURN; i++) arrays.push(new Array(1_000).fill(i));
  setTimeout(() => hoard(arrays));
}

/**
 * The isolate of a request worker.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import type { OutputStream } from "./output.ts";
import { type RequestWorker, startRequestWorker } from "./request_worker.ts";
import { PULSE_MS } from "./pulse.ts";
import type { WorkerOrder, WorkerReport } from "./worker_message.ts";

const started = Promise.withResolvers<RequestWorker>();

parentPort!.on("message", async (order: WorkerOrder) => {
  switch (order.kind) {
    case "start": {
      started.resolve(startRequestWorker(order.options, handOver));
      const pulse = new Int32Array(order.pulse);
      setInterval(() => Atomics.add(pulse, order.options.number, 1), PULSE_MS);
      return report({ kind: "listening" });
    }
    case "adopt":
      (await started.promise).cache?.adopt(order.memory);
      return report({ kind: "adopted" });
    case "recollect": {
      const recollection = (await started.promise).recollect(order.question);
      return report({ kind: "recollected", recollection });
    }
    case "drain":
      await (await started.promise).drain();
      return report({ kind: "drained" });
  }
});

function handOver(stream: OutputStream, lines: string): void {
  report({ kind: "lines", stream, lines });
}

function report(message: WorkerReport): void {
  parentPort!.postMessage(message);
}

report({ kind: "ready" });

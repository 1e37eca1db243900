/**
 * A worker that attaches to a policy and does with it as it is told.
 *
 * @module
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import type { PolicyMemory } from "../policy_memory.ts";
import { shardedS3Fifo } from "../sharded_s3_fifo.ts";
import { type PolicyStep, type StepBounds, takeStep } from "./policy_steps.ts";

/** What the worker is told. */
export type PolicyOrder =
  | {
    /** Takes a step and answers with a {@linkcode PolicyReply}. */
    readonly do: "step";
    readonly memory: PolicyMemory;
    readonly step: PolicyStep;
    readonly held: number[];
    readonly bounds: StepBounds;
  }
  | {
    /** Uses every slot over and over until the flag is 2; sets it to 1 and notifies after the first time. */
    readonly do: "raise";
    readonly memory: PolicyMemory;
    readonly flag: Int32Array;
  };

/** What a step came to. */
export interface PolicyReply {
  /** The slots evicted. */
  readonly victims: number[];
  /** The slots held after it. */
  readonly held: number[];
}

self.onmessage = ({ data }: MessageEvent<PolicyOrder>) => {
  const policy = shardedS3Fifo(data.memory);
  if (data.do === "step") {
    const held = [...data.held];
    const victims = takeStep(policy, data.step, held, data.bounds);
    self.postMessage({ victims, held } satisfies PolicyReply);
    return;
  }
  do {
    for (let slot = 0; slot < data.memory.limits.slots; slot++) policy.access(slot);
    if (Atomics.compareExchange(data.flag, 0, 0, 1) === 0) Atomics.notify(data.flag, 0);
  } while (Atomics.load(data.flag, 0) !== 2);
  self.postMessage("done");
};

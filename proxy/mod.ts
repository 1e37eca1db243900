/**
 * The request pipeline and what runs it.
 *
 * @module
 */
export * from "./access_log.ts";
export type { AuthenticationOptions } from "./authenticate.ts";
export * from "./comparison.ts";
export * from "./config.ts";
export * from "./count.ts";
export * from "./entry_record.ts";
export * from "./front.ts";
export * from "./help.ts";
export * from "./listener.ts";
export * from "./hottest.ts";
export * from "./journal.ts";
export * from "./main.ts";
export type { PastRequest } from "./past_requests.ts";
export * from "./pipeline.ts";
export * from "./recent_events.ts";
export * from "./record.ts";
export * from "./read_rules.ts";
export * from "./request.ts";
export * from "./request_id.ts";
export * from "./setting.ts";
export * from "./serve_listener.ts";
export * from "./settings.ts";
export * from "./supervisor.ts";
export * from "./trace.ts";
export * from "./upload.ts";
export * from "./version.ts";
export * from "./wire/wire_listener.ts";

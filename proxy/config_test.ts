import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError, readConfig } from "./config.ts";
import { helpText } from "./help.ts";
import { SETTINGS } from "./settings.ts";

const REQUIRED: Readonly<Record<string, string>> = {
  UPSTREAM_ENDPOINT: "https://s3.example.com",
  UPSTREAM_ACCESS_KEY_ID: "UP",
  UPSTREAM_SECRET_ACCESS_KEY: "up-secret",
  CLIENT_ACCESS_KEY_ID: "CLIENT",
  CLIENT_SECRET_ACCESS_KEY: "client-secret",
};

function read(settings: Readonly<Record<string, string>>) {
  const all = { ...REQUIRED, ...settings };
  return readConfig((name) => all[name as keyof typeof all]);
}

function faults(settings: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(settings);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults;
  }
  return [];
}

Deno.test("every default is allowed by its own kind", () => {
  const config = read({});
  assert.deepEqual(config.LISTEN_ADDR, { hostname: "0.0.0.0", port: 8080 });
  assert.deepEqual(config.ADMIN_ADDR, { hostname: "127.0.0.1", port: 9090 });
  assert.equal(config.CACHE_ENABLED, true);
  assert.equal(config.CACHE_MAX_SIZE_BYTES, 1_073_741_824);
  assert.equal(config.UPSTREAM_SESSION_TOKEN, undefined);
  assert.equal(config.VIRTUAL_HOST_DOMAIN, undefined);
});

Deno.test("an empty variable counts as absent", () => {
  assert.equal(read({ VIRTUAL_HOST_DOMAIN: "" }).VIRTUAL_HOST_DOMAIN, undefined);
  assert.equal(read({ CACHE_TTL_SECONDS: "" }).CACHE_TTL_SECONDS, 86_400);
});

Deno.test("every fault is reported at once, each by its name", () => {
  const found = faults({
    UPSTREAM_ENDPOINT: "",
    CLIENT_ACCESS_KEY_ID: "",
    CACHE_ENABLED: "maybe",
    CACHE_TTL_SECONDS: "0",
    LISTEN_ADDR: "nowhere",
    CACHE_MAX_SIZE_BYTES: "1000",
  });
  const names = found.map((fault) => /^[A-Z_]+/.exec(fault)![0]);
  assert.deepEqual(names, [
    "LISTEN_ADDR",
    "UPSTREAM_ENDPOINT",
    "CLIENT_ACCESS_KEY_ID",
    "CACHE_ENABLED",
    "CACHE_TTL_SECONDS",
    "CACHE_MAX_SIZE_BYTES",
  ]);
  for (const fault of found) assert.match(fault, /allowed: \S/);
});

for (
  const [name, text] of [
    ["CACHE_MAX_ENTRIES", "0"],
    ["CACHE_MAX_ENTRIES", "-1"],
    ["CACHE_MAX_ENTRIES", "1.5"],
    ["CACHE_MAX_ENTRIES", "1e3"],
    ["CACHE_MAX_ENTRIES", "99999999999999999999"],
    ["CACHE_SHARDS", "0"],
    ["WORKER_THREADS", "0"],
    ["LISTEN_ADDR", "127.0.0.1:65536"],
    ["LISTEN_ADDR", "127.0.0.1"],
    ["LISTEN_ADDR", "::1:8080"],
    ["ADMIN_ADDR", "on"],
    ["UPSTREAM_ENDPOINT", "s3.example.com"],
    ["UPSTREAM_ENDPOINT", "ftp://s3.example.com"],
    ["VIRTUAL_HOST_DOMAIN", "s3.example.com:8080"],
    ["VIRTUAL_HOST_DOMAIN", "-bad-"],
    ["LOG_LEVEL", "loud"],
    ["CACHE_DRYRUN", "maybe"],
    ["CACHE_VERIFY_SAMPLE", "1.5"],
    ["ACCESS_LOG", "on"],
    ["OTEL_GRPC_ENDPOINT_URL", "127.0.0.1:4317"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "99"],
  ] as const
) {
  Deno.test(`${name}=${text} is refused, with the text and what is allowed`, () => {
    const [fault, ...more] = faults({ [name]: text });
    assert.deepEqual(more, []);
    assert.ok(fault?.startsWith(`${name}="${text}"; allowed: `), fault ?? "no fault");
  });
}

for (
  const [text, address] of [
    [":8080", { hostname: "0.0.0.0", port: 8080 }],
    ["[::1]:0", { hostname: "::1", port: 0 }],
    ["localhost:65535", { hostname: "localhost", port: 65_535 }],
  ] as const
) {
  Deno.test(`LISTEN_ADDR=${text} is an address`, () => {
    assert.deepEqual(read({ LISTEN_ADDR: text }).LISTEN_ADDR, address);
  });
}

Deno.test("ADMIN_ADDR=off", () => {
  assert.equal(read({ ADMIN_ADDR: "off" }).ADMIN_ADDR, "off");
});

Deno.test("OTEL_EXPORTER_OTLP_HEADERS is a list of fields", () => {
  const fields = read({ OTEL_EXPORTER_OTLP_HEADERS: "Api-Key=a%20key, b = c=d,," })
    .OTEL_EXPORTER_OTLP_HEADERS;
  assert.deepEqual([...fields!], [["api-key", "a key"], ["b", "c=d"]]);
});

for (const text of ["a", "=1", "a=1,A=2", "a b=1", "a=%", "a=%0d%0ab: 1", "grpc-timeout=1S"]) {
  Deno.test(`OTEL_EXPORTER_OTLP_HEADERS=${text} is refused`, () => {
    const [fault] = faults({ OTEL_EXPORTER_OTLP_HEADERS: text });
    assert.match(fault!, /^OTEL_EXPORTER_OTLP_HEADERS=\(secret\); allowed: name=value/);
  });
}

Deno.test("no secret is ever in a message", () => {
  const secret = "s3cr3t";
  const found = faults({
    UPSTREAM_ENDPOINT: `https://user:${secret}@s3.example.com`,
    UPSTREAM_SECRET_ACCESS_KEY: secret,
    CLIENT_SECRET_ACCESS_KEY: secret,
    UPSTREAM_SESSION_TOKEN: secret,
    OTEL_EXPORTER_OTLP_HEADERS: secret,
    CACHE_TTL_SECONDS: "x",
  });
  assert.equal(found.length, 3);
  assert.ok(!found.join("\n").includes(secret));
});

for (
  const url of [
    "https:/user:s3cr3t@host",
    "https://user:pa/ss:s3cr3t@host",
    "https://host/?X-Token=s3cr3t",
    "https://host/#s3cr3t",
  ]
) {
  Deno.test(`what may hold a secret is not shown: ${url.replace("s3cr3t", "…")}`, () => {
    const [fault] = faults({ UPSTREAM_ENDPOINT: url });
    assert.match(fault!, /^UPSTREAM_ENDPOINT=\(not shown/);
    assert.doesNotMatch(fault!, /s3cr3t/);
  });
}

for (
  const [name, text] of [
    ["UPSTREAM_ACCESS_KEY_ID", "AKIA\n"],
    ["CLIENT_SECRET_ACCESS_KEY", "secret "],
    ["UPSTREAM_REGION", "europé"],
  ] as const
) {
  Deno.test(`${name} is refused with characters that no header field can carry`, () => {
    const [fault, ...more] = faults({ [name]: text });
    assert.deepEqual(more, []);
    assert.match(fault!, /allowed: printable ASCII/);
  });
}

Deno.test("whatever the environment holds, only ConfigError is thrown, one line a fault", () => {
  const name = fc.constantFrom(...Object.keys(SETTINGS));
  fc.assert(fc.property(fc.dictionary(name, fc.string({ unit: "binary" })), (settings) => {
    for (const fault of faults(settings)) assert.doesNotMatch(fault, /[\r\n]/);
  }));
});

Deno.test("--help names every setting with its default", () => {
  const help = helpText();
  for (const name of Object.keys(SETTINGS)) assert.match(help, new RegExp(`^  ${name} \\(`, "m"));
  assert.match(help, /CACHE_TTL_SECONDS \(86400\)/);
  assert.match(help, /UPSTREAM_ENDPOINT \(required\)/);
  assert.match(help, /VIRTUAL_HOST_DOMAIN \(none\)/);
});

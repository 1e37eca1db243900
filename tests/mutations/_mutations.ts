/**
 * Rules broken on purpose, each with the test that must notice it.
 *
 * @module
 */

/** A change to the code that breaks a rule. */
export interface Mutation {
  /** Its name, as `docs/rules.md` calls it. */
  readonly name: string;
  readonly file: string;
  /** What stands in the file, once. */
  readonly from: string;
  readonly to: string;
  /** The test that fails. */
  readonly test: readonly [file: string, name: string];
}

/** The mutations. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: "write-ends-at-once",
    file: "proxy/invalidate.ts",
    from: "  try {\n    const response = await next(request);",
    to: "  try {\n    write.end();\n    const response = await next(request);",
    test: ["tests/consistency_test.ts", "held at its request leaves nothing stale"],
  },
  {
    name: "overtaken-fill-admitted",
    file: "cache/shared_store.ts",
    from: "    if (slots.read(slot, STATE) !== FILLING) {\n      this.endFill(slot);",
    to: "    if (slots.read(slot, STATE) === READY) {\n      this.endFill(slot);",
    test: [
      "tests/consistency_test.ts",
      "a PUT that overtakes a held-back GET leaves nothing stale",
    ],
  },
  {
    name: "tagging-is-no-write",
    file: "s3/operation.ts",
    from: '["PutObjectTagging", "PUT object", "tagging", "object"]',
    to: '["PutObjectTagging", "PUT object", "tagging", "nothing"]',
    test: ["tests/consistency_test.ts", "tagging an object refreshes its tag count"],
  },
  {
    name: "entities-not-resolved",
    file: "s3/delete_objects.ts",
    from: "if (TEXT in node) return resolveEntities(String(node[TEXT]));",
    to: "if (TEXT in node) return String(node[TEXT]);",
    test: ["tests/consistency_test.ts", "the next read after DeleteObjects is the truth"],
  },
  {
    name: "lost-write-forgotten",
    file: "proxy/invalidate.ts",
    from: "  if (graceMs === 0) return write.end();",
    to: "  if (graceMs >= 0) return write.end();",
    test: ["tests/lost_writes_test.ts", "a write slower than the limit stays in flight"],
  },
  {
    name: "digest-not-checked",
    file: "proxy/integrity.ts",
    from: 'passes: () => hash.digest("hex") === md5',
    to: "passes: () => true",
    test: ["tests/admission_test.ts", "a body that is not what its ETag says is not kept"],
  },
  {
    name: "if-match-ignored",
    file: "s3/conditions.ts",
    from: 'if (!matches(ifMatch, validators.etag, "strong")) return failed("If-Match");',
    to: "",
    test: ["tests/hits_test.ts", "conditions are weighed on a hit"],
  },
  {
    name: "if-range-ignored",
    file: "s3/conditions.ts",
    from: "  if (ifRange === undefined) return true;\n",
    to: "  if (ifRange !== '') return true;\n",
    test: ["tests/hits_test.ts", "If-Range decides whether the range counts"],
  },
  {
    name: "odd-conditions-answered",
    file: "s3/conditions.ts",
    from: "return PLAIN_FORMS[name]?.test(value) ?? true;",
    to: "return name !== '' || value !== '';",
    test: ["tests/differential_fuzz_test.ts", "any range, condition and override"],
  },
  {
    name: "range-off-by-one",
    file: "s3/range.ts",
    from: "first: Math.max(0, size - length), last: size - 1",
    to: "first: Math.max(1, size - length), last: size - 1",
    test: ["tests/hits_test.ts", "ranges come from the entry"],
  },
  {
    name: "override-stored",
    file: "proxy/reading.ts",
    from: "  if (query === request.target.query.raw) return request;",
    to: "  if (query !== '\\0') return request;",
    test: ["tests/origin_sees_test.ts", "a fill asks for the object's own fields"],
  },
  {
    name: "versions-share-an-entry",
    file: "s3/cacheability.ts",
    from: "variant.push(`versionId=${canonicalComponent(rawValue)}`);",
    to: "continue;",
    test: ["tests/variants_test.ts", "every version is an entry of its own"],
  },
  {
    name: "unknown-field-cached",
    file: "s3/cacheability.ts",
    from: "VENDOR_PREFIXES.some((prefix) => name.startsWith(prefix))",
    to: "VENDOR_PREFIXES.length === 0",
    test: ["tests/variants_test.ts", "whatever may change the answer goes to the origin"],
  },
  {
    name: "plus-read-one-way",
    file: "s3/request_target.ts",
    from: 'if (path.includes("+")) return true;',
    to: "",
    test: ["tests/consistency_test.ts", "a write in a spelling that may name two keys drops both"],
  },
  {
    name: "skew-of-an-hour",
    file: "auth/presigned.ts",
    from: "export const MAX_SKEW_MS = 15 * 60 * 1000;",
    to: "export const MAX_SKEW_MS = 60 * 60 * 1000;",
    test: ["tests/signatures_test.ts", "refused, cached or not"],
  },
  {
    name: "presigned-for-a-year",
    file: "auth/presigned.ts",
    from: "export const MAX_EXPIRES_SECONDS = 604_800;",
    to: "export const MAX_EXPIRES_SECONDS = 31_536_000;",
    test: ["auth/presigned_test.ts", "the time that a presigned request is good"],
  },
  {
    name: "query-not-sorted",
    file: "auth/canonical.ts",
    from: "pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));",
    to: "",
    test: ["auth/independent_signers_test.ts", "smithy's signer and ours"],
  },
  {
    name: "chunks-not-checked",
    file: "auth/chunk_signatures.ts",
    from: "if (!sameSignature(signature, provided)) {",
    to: "if (provided === '') {",
    test: ["tests/uploads_test.ts", "refused, and the old object is still there"],
  },
  {
    name: "trailer-not-checked",
    file: "auth/trailer.ts",
    from: "if (checksum.digest() !== value) {",
    to: "if (checksum.digest() === '') {",
    test: ["tests/uploads_test.ts", "refused, and the old object is still there"],
  },
  {
    name: "client-signature-goes-up",
    file: "s3/headers.ts",
    from: '  "authorization",\n  "content-length",',
    to: '  "content-length",',
    test: ["tests/origin_sees_test.ts", "the origin sees the proxy's signature"],
  },
  {
    name: "writes-sent-again",
    file: "upstream/retry.ts",
    from: "const repeatable = request.body === null && SAFE_METHODS.has(request.method);",
    to: "const repeatable = request.body === null;",
    test: ["tests/trouble_test.ts", "a write is sent once, whatever becomes of it"],
  },
  {
    name: "lease-given-back-early",
    file: "proxy/lease_body.ts",
    from: "  const chunks = lease.chunks(start, end)[Symbol.iterator]();\n",
    to: "  const chunks = lease.chunks(start, end)[Symbol.iterator]();\n  lease.release();\n",
    test: ["tests/client_trouble_test.ts", "what a slow reader reads stays"],
  },
  {
    name: "broken-fill-ends-well",
    file: "cache/follower.ts",
    from: "    if (phase === ABORTED) throw new AbortedFill(slots.load(slot, CODE));",
    to: "    if (phase === ABORTED) return undefined;",
    test: ["cache/shared_cache_model_test.ts", "Workers that share a cache"],
  },
  {
    name: "expiry-forgotten",
    file: "cache/shared_store.ts",
    from: "now + memory.limits.ttlMs",
    to: "now + 10 * memory.limits.ttlMs",
    test: ["tests/admission_test.ts", "an entry that is too old is asked for again"],
  },
  {
    name: "errors-kept",
    file: "proxy/keep.ts",
    from: 'if (response.status !== (reading.form === "part" ? 206 : 200)) {',
    to: "if (response.status >= 500) {",
    test: ["tests/admission_test.ts", "errors of the origin answer one client and are never held"],
  },
  {
    name: "metadata-copy-renewed",
    file: "proxy/version_mark.ts",
    from: "    agree(record.lastModified, named.lastModified) &&\n",
    to: "",
    test: ["tests/revalidation_test.ts", "a copy that changes metadata alone"],
  },
  {
    name: "renewed-despite-write",
    file: "cache/shared_store.ts",
    from: "    if (this.views.slots.read(slot, GENERATION) !== generation) return false;\n",
    to: "",
    test: ["cache/shared_cache_model_test.ts", "Workers that share a cache"],
  },
  {
    name: "gone-object-kept",
    file: "proxy/revalidate.ts",
    from: "  if (!isUnsettled && status >= 300) {",
    to: "  if (isUnsettled) {",
    test: ["tests/stale_test.ts", "nothing stale answers after a 404"],
  },
  {
    name: "stale-for-twice-as-long",
    file: "proxy/stale.ts",
    from: "now >= stale.expiresAt + windowMs",
    to: "now >= stale.expiresAt + 2 * windowMs",
    test: ["tests/stale_test.ts", "what is stale answers where the origin fails, for as long"],
  },
  {
    name: "demand-reads-along",
    file: "proxy/serve_cached.ts",
    from: "        if (reading.mustAsk) {",
    to: '        if (reading.mustAsk && reading.form === "head") {',
    test: ["tests/revalidation_test.ts", "who demands the origin's word does not read along"],
  },
  {
    name: "versions-side-by-side",
    file: "cache/shared_store.ts",
    from: "if (version !== 0 && its !== 0 && its !== version) this.room.kill(other);",
    to: "if (version < 0 && version > 0) this.room.kill(other);",
    test: ["tests/ranges_test.ts", "ranges of two versions are never held beside each other"],
  },
  {
    name: "wrong-range-kept",
    file: "proxy/keep.ts",
    from: "  if (isPart && !isRangeAsked(headers, size, reading)) return undefined;\n",
    to: "",
    test: ["tests/ranges_test.ts", "an answer that is another range than the asked one"],
  },
  {
    name: "dead-workers-writes-forgotten",
    file: "cache/cache_keeper.ts",
    from: "const barriers = monitor.run(() => writes.bequeath(worker, heir), []);",
    to:
      "monitor.run(() => writes.bequeath(worker, heir).forEach(({ barred, kind }) =>\n      writes.remove(heir, barred, kind)), undefined);\n    const barriers: StandingBarrier[] = [];",
    test: ["cache/cache_keeper_test.ts", "A worker that died leaves nothing behind"],
  },
  {
    name: "surplus-taken",
    file: "upstream/response_body.ts",
    from: "    if (left > 0 || connection.received.length === 0) return;",
    to: "    if (left >= 0 || connection.received.length === 0) return;",
    test: ["upstream/reads_test.ts", "a byte that comes with the last of 4"],
  },
];

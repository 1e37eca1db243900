"""Hit rates of libCacheSim's policies over a trace, as JSON: for each policy and size two shares.

Usage: libcachesim_rates.py TRACE BYTES[,BYTES...] POLICY[,POLICY...]
"""

import json
import sys

import libcachesim

POLICIES = {
    "s3-fifo": libcachesim.S3FIFO,
    "lru": libcachesim.LRU,
    "fifo": libcachesim.FIFO,
    "sieve": libcachesim.Sieve,
    "w-tinylfu": libcachesim.WTinyLFU,
    "belady": libcachesim.Belady,
}

path, sizes, policies = sys.argv[1:]
rates = []
for size in map(int, sizes.split(",")):
    for policy in policies.split(","):
        reader = libcachesim.TraceReader(path, libcachesim.TraceType.ORACLE_GENERAL_TRACE)
        misses, byte_misses = POLICIES[policy](cache_size=size).process_trace(reader)
        rates.append(
            {
                "policy": policy,
                "maxBytes": size,
                "hitRate": 1 - misses,
                "byteHitRate": 1 - byte_misses,
            }
        )
print(json.dumps(rates))

-- wrk's script: sends the requests of a file, one after the other, each once. A line is a request
-- whose line ends are tabs. Arguments: the file, the number of threads.

local started = 0

function setup(thread)
  thread:set("number", started)
  started = started + 1
  threads = threads or {}
  table.insert(threads, thread)
end

function init(args)
  requests = {}
  sent = 0
  local threads, line = tonumber(args[2]), 0
  for text in io.lines(args[1]) do
    if line % threads == number then
      requests[#requests + 1] = text:gsub("\t", "\r\n")
    end
    line = line + 1
  end
  held = #requests
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % held + 1]
end

function done(summary, latency)
  local again = 0
  for _, thread in ipairs(threads) do
    again = again + math.max(0, thread:get("sent") - thread:get("held"))
  end
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d,"again":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout, again))
end

-- Makes every event of a run another document: the text between tickets is joined anew with a ticket of its own.
-- Arguments: the file of segments (one a line), a run's name, authorization, media type.
local thread_count = 0
function setup(thread) thread:set("number", thread_count); thread_count = thread_count + 1 end

function init(args)
  segments = {}
  for line in io.lines(args[1]) do segments[#segments + 1] = line end
  run, counter = args[2], 0
  headers = { ["Authorization"] = args[3], ["Content-Type"] = args[4] }
end

function request()
  counter = counter + 1
  return wrk.format("POST", "/v1/events", headers, table.concat(segments, run .. "-" .. number .. "-" .. counter))
end

function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %f %f %f\n", summary.requests, summary.duration, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end

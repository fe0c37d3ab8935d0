-- For wrk: sends the lines of a file as bodies, one after the other from a given line on, and says at the end what came of it.
local bodies, at = {}, 0

function init(args)
  local headers = { ["Content-Type"] = "application/json", ["Authorization"] = args[3] }
  for body in io.lines(args[1]) do
    bodies[#bodies + 1] = wrk.format("POST", "/graphql", headers, body)
  end
  at = tonumber(args[2]) % #bodies
end

function request()
  at = at % #bodies + 1
  return bodies[at]
end

function done(summary, latency)
  local errors = summary.errors
  local bad = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("\nRESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), bad))
end

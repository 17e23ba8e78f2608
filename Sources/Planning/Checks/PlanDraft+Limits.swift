internal import Model

extension PlanDraft {
    /// Podman refuses to start a container with less.
    private static let leastMemory = ByteCount(bytes: 6 << 20)
    /// The kernel's shortest quota: a millisecond of every 100.
    private static let leastCPUs = 0.01
    private static let longestStop = PlanDuration.seconds(3600)

    func checkLimits(of container: PlacedContainer) {
        let (limits, pointer) = (container.plan.resources, "\(container.pointer)/resources")
        if let memory = limits.memory, memory.bytes < Self.leastMemory.bytes {
            log.error(
                "memory '\(memory)' is too little for any container", at: "\(pointer)/memory",
                hint: "write at least '\(Self.leastMemory)'")
        }
        if let cpus = limits.cpus, cpus < Self.leastCPUs {
            log.error(
                "cpus must be at least \(Self.leastCPUs)", at: "\(pointer)/cpus", hint: "write 0.5 for half a core")
        }
        if let pids = limits.pids, pids < 1 {
            log.error("pids must be at least 1", at: "\(pointer)/pids", hint: "leave it out for no limit")
        }
        if container.plan.stopTimeout.milliseconds > Self.longestStop.milliseconds {
            log.error(
                "stopTimeout '\(container.plan.stopTimeout)' is longer than an hour",
                at: "\(container.pointer)/stopTimeout", hint: "write at most '1h'")
        }
    }

    func checkHealth(of container: PlacedContainer) {
        guard let health = container.plan.health else { return }
        log.check(health, at: "\(container.pointer)/health")
    }
}

extension ProblemLog {
    func check(_ health: HealthPlan, at pointer: String) {
        for (name, value) in [("interval", health.interval), ("timeout", health.timeout)]
        where value.milliseconds < 1 {
            error(
                "\(name) must be longer than '0s'", at: "\(pointer)/\(name)", hint: "write a duration such as '5s'")
        }
        if health.retries < 1 {
            error(
                "retries must be at least 1", at: "\(pointer)/retries", hint: "write 1 to fail at the first check")
        }
        switch health.check {
        case .command(let command):
            if command.first ?? "" == "" {
                error(
                    "the health command is empty", at: "\(pointer)/command",
                    hint: "write the program and its arguments, such as [\"pg_isready\"]")
            }
        case .http(let http):
            if http.path.wholeMatch(of: /\/[^\s#]*/) == nil {
                error("'\(http.path)' is not a path", at: "\(pointer)/http/path", hint: "begin it with '/'")
            }
        case .tcp, .off: break
        }
    }
}

internal import Model

/// Waits until a started container serves.
struct HealthGate: Sendable {
    let insight: any ContainerInsight
    let stabilityPeriod: Duration
    let preemption: Preemption
    /// Whether the same plan passed on this host before, as in a repair.
    var isProven = false

    /// Returns when `container` passed its check, or stayed running for the stability period if it has none.
    func pass(_ container: String, id: String, health: HealthPlan?) async throws {
        let limit = health?.patience ?? stabilityPeriod
        let clock = ContinuousClock()
        let began = clock.now
        var stableSince = Duration.zero
        var watch = CrashWatch()
        var pause = Duration.milliseconds(50)
        var answer = ProbeResult.unhealthy("no answer yet")
        while true {
            try preemption.check()
            let status = try await inspect(container, id: id)
            let elapsed = clock.now - began
            switch watch.judge(status, elapsed: elapsed) {
            case .crashLoop: throw await failure("container '\(container)' crashes in a loop", status)
            case .ended: throw await failure("container '\(container)' ended", status)
            case .restarted: stableSince = elapsed
            case .down:
                stableSince = elapsed
                answer = .unhealthy("it ended with exit status \(status.exitCode)")
            case .running: break
            }
            if let health, status.state == .running {
                answer = await insight.probe(health.check, container: status, timeout: health.timeout)
                if answer == .healthy { return }
            }
            if health == nil, elapsed - stableSince >= limit { return }
            if health != nil, elapsed >= limit {
                throw await unhealthy(container, id: id, answer, after: limit)
            }
            try await clock.sleep(for: min(pause, health?.interval.duration ?? .milliseconds(250)))
            pause = pause * 3 / 2
        }
    }

    private func inspect(_ container: String, id: String) async throws -> ContainerStatus {
        guard let status = try await insight.inspect(id) else {
            throw DeploymentError(
                "container '\(container)' is gone", hint: "somebody removed it during the deployment; try again",
                disposition: .transient)
        }
        return status
    }

    private var advice: String {
        isProven
            ? "plan and image are those that passed before: look at what it logs and needs on this host, then 'fairlead retry'"
            : "mend the image or its configuration and commit, or revert the commit"
    }

    private func failure(_ what: String, _ status: ContainerStatus) async -> DeploymentError {
        // A container that runs again already tells of no exit.
        let seen = status.state == .running ? nil : status.exitCode
        let code = (try? await insight.lastExitCode(status.id)) ?? seen ?? status.exitCode
        // The kernel's way to end what needs more memory than it may have; the engine does not tell.
        let hint = code == 137 ? "it was killed: look whether it needs more memory; or " : ""
        return DeploymentError(
            "\(what) (exit status \(code))\(await logs(status.id))", hint: hint + advice, disposition: .permanent)
    }

    private func unhealthy(
        _ container: String, id: String, _ answer: ProbeResult, after limit: Duration
    ) async -> DeploymentError {
        let what = "container '\(container)' did not become healthy within \(limit.formatted)"
        switch answer {
        case .healthy: return DeploymentError(what, hint: advice, disposition: .permanent)
        case .unhealthy(let reason):
            return DeploymentError("\(what): \(reason)\(await logs(id))", hint: advice, disposition: .permanent)
        case .unreachable(let reason):
            return DeploymentError(
                "\(what): \(reason), so that nobody could ask it",
                hint: "it will be tried again; look at the host's network with 'ip address' and 'ip route'",
                disposition: .transient)
        }
    }

    private func logs(_ id: String) async -> String {
        LogTail(folding: (try? await insight.logTail(id, lines: 10)) ?? "").clause
    }
}

extension HealthGate {
    /// For what `run` starts.
    init(of run: DeploymentRun) {
        self.init(
            insight: run.ports.insight, stabilityPeriod: run.options.stabilityPeriod, preemption: run.preemption,
            isProven: run.request.restarts)
    }
}

extension HealthPlan {
    /// How long a container may take to become healthy: the start period and every retry.
    var patience: Duration {
        .milliseconds(startPeriod.milliseconds + Int64(retries) * interval.milliseconds + timeout.milliseconds)
    }
}

extension Duration {
    /// In seconds with one decimal: `1.4 s`.
    var formatted: String {
        let tenths = (components.seconds * 10) + components.attoseconds / 100_000_000_000_000_000
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}

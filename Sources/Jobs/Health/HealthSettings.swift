internal import Model

/// What the health-check job has to know of a plan.
struct HealthSettings {
    let plan: ResolvedPlan
    let job: MaintenancePlan.HealthCheck
    let commit: CommitID
    let deployment: Int64
    /// Which holds its data directories.
    let stackDirectory: String
    var limits = EngineLimits()

    /// How long one call of the engine may take, in seconds.
    struct EngineLimits {
        /// To tell what there is.
        var question: Int64 = 60
        /// To stop or restart a container, beside the container's own time to stop.
        var action: Int64 = 30
        /// To show the end of a log.
        var tail: Int64 = 10
    }

    /// The parts of the script that follow the shared library and `mail.bash`, the body last.
    static let parts = [
        PackageResources.health_probes_bash, PackageResources.port_list_bash, PackageResources.port_rules_bash,
        PackageResources.health_ports_bash, PackageResources.health_verdict_bash,
        PackageResources.health_decision_bash, PackageResources.health_diagnosis_bash,
        PackageResources.health_incidents_bash, PackageResources.health_memory_bash,
        PackageResources.health_treatment_bash, PackageResources.health_bash,
    ]

    private var graph: DependencyGraph { DependencyGraph(plan) }

    /// `common` and what the parts above need.
    func over(_ common: JobSettings) -> JobSettings {
        var settings = common
        setStack(&settings)
        setLimits(&settings)
        setContainers(&settings)
        for (name, container) in plan.containers.sorted(by: { $0.key < $1.key }) {
            // No name of a container has an underscore, so two never become one.
            let suffix = name.replacing("-", with: "_")
            settings.set("DATA_\(suffix)", dataPlaces(of: container))
            settings.set("PORTS_\(suffix)", Self.words(container.ports))
            settings.set("LIVENESS_\(suffix)", Self.words(container.liveness?.check, container.liveness?.timeout))
            settings.set("READINESS_\(suffix)", Self.words(container.health?.check, container.health?.timeout))
        }
        return settings
    }

    private func setStack(_ settings: inout JobSettings) {
        settings.set("STACK", plan.stack)
        settings.set("HOST", plan.host)
        settings.set("VERSION", plan.version)
        settings.set("COMMIT", commit.hex)
        settings.set("DEPLOYMENT", String(deployment))
    }

    private func setLimits(_ settings: inout JobSettings) {
        settings.set("RESTART_AFTER", String(job.restartAfter))
        settings.set("RESTART_LIMIT", String(job.restartLimit))
        settings.set("REMIND_AFTER", Self.wholeSeconds(job.remindAfter))
        settings.set("QUESTION_LIMIT", String(limits.question))
        settings.set("ACTION_LIMIT", String(limits.action))
        settings.set("TAIL_LIMIT", String(limits.tail))
        settings.set("JOB_DEADLINE", String(deadline))
        settings.set("PROGRAMS", Self.programs(of: plan))
    }

    /// What the checks of `plan` need beside Bash.
    private static func programs(of plan: ResolvedPlan) -> [String] { plan.asksWithHTTP ? ["curl"] : [] }

    private func setContainers(_ settings: inout JobSettings) {
        settings.set("CONTAINERS", graph.topologicalOrder)
        settings.set("START_PERIOD", plan.containers.mapValues { Self.wholeSeconds($0.health?.startPeriod) })
        settings.set("STOP_TIMEOUT", plan.containers.mapValues { Self.wholeSeconds($0.stopTimeout) })
        settings.set("RESTARTS_UNREADY", plan.containers.mapValues { $0.health?.restart == false ? "no" : "yes" })
        settings.set("DEPENDS_ON", table { graph.dependencies(of: $0) })
        settings.set("DEPENDENTS", table { allDependents(of: $0) })
        settings.set("RESTART_WITH", table(restartedAlong))
    }

    private func table(_ names: (String) -> [String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: plan.containers.keys.map { ($0, names($0).joined(separator: " ")) })
    }

    /// Dependencies first.
    private func restartedAlong(with name: String) -> [String] {
        let all = plan.restarted(with: [name]).subtracting([name])
        return graph.topologicalOrder.filter(all.contains)
    }

    /// Also those that wait for it through others.
    private func allDependents(of name: String) -> [String] {
        var found: Set<String> = []
        var open = graph.dependents(of: name)
        while let next = open.popLast() {
            if found.insert(next).inserted { open += graph.dependents(of: next) }
        }
        return found.sorted()
    }

    /// Each data directory, and where the container has it.
    private func dataPlaces(of container: ContainerPlan) -> [String] {
        container.volumes.flatMap { volume -> [String] in
            if case .data(let name) = volume.source { ["\(stackDirectory)/\(name)", volume.target] } else { [] }
        }
    }

    /// Each port that is asked from the host in five words.
    private static func words(_ ports: [PortMapping]) -> [String] {
        ports.filter { !$0.isUnchecked && $0.transport != .sctp }.flatMap { port in
            [
                port.description, port.transport.rawValue, port.singleAddress ?? port.address ?? "", "\(port.hostPort)",
                "\(port.containerPort)",
            ]
        }
    }

    /// A check as a list of words; empty where there is none.
    private static func words(_ check: HealthCheck?, _ timeout: PlanDuration?) -> [String] {
        guard let check, let timeout else { return [] }
        return switch check {
        case .command(let command): [seconds(timeout), "command"] + command
        case .http(let http):
            [seconds(timeout), http.tls ? "https" : "http", "\(http.port)"]
                + [http.path.hasPrefix("/") ? http.path : "/" + http.path]
        case .tcp(let port): [seconds(timeout), "tcp", "\(port)"]
        case .off: []
        }
    }

    /// With milliseconds where there are any: `3`, `0.250`.
    private static func seconds(_ duration: PlanDuration) -> String {
        let (seconds, rest) = duration.milliseconds.quotientAndRemainder(dividingBy: 1000)
        return rest == 0 ? "\(seconds)" : "\(seconds)." + String(String(1000 + rest).dropFirst())
    }

    /// Rounded up; 0 for none.
    private static func wholeSeconds(_ duration: PlanDuration?) -> String {
        String(roundedUp(duration))
    }

    private static func roundedUp(_ duration: PlanDuration?) -> Int64 { ((duration?.milliseconds ?? 0) + 999) / 1000 }

    /// Of the whole job in seconds: every check and every call of the engine may run into its limit, one after the other,
    /// and no container goes without being looked at.
    var deadline: Int64 {
        plan.containers.reduce(180 + 2 * limits.question) {
            $0 + longestTime(for: $1.value) + timeToRestart(along: $1.key)
        }
    }

    /// The longest that is done is to stop a crash loop: a first stop that takes its time, a second one, and a look.
    private func longestTime(for container: ContainerPlan) -> Int64 {
        let checks = [container.liveness?.timeout, container.health?.timeout].reduce(0) {
            // What the job leaves a command beyond its time, and takes to end it.
            $0 + Self.roundedUp($1) + 5
        }
        // By each family twice from the host and once inside; and once more where their rules were written anew.
        let ports = container.ports.isEmpty ? 0 : 30 * Int64(container.ports.count) + limits.question
        let action = 2 * (Self.roundedUp(container.stopTimeout) + limits.action + 2 + limits.question)
        // Two mails: of its failure, and of what was done.
        return checks + ports + action + 2 * limits.tail
    }

    /// The containers that are restarted with it.
    private func timeToRestart(along name: String) -> Int64 {
        restartedAlong(with: name).compactMap { plan.containers[$0] }.reduce(0) {
            $0 + Self.roundedUp($1.stopTimeout) + limits.action + limits.question
        }
    }
}

internal import Journal
internal import Planning

/// Whether what was deployed runs.
struct StackCheck {
    let host: HostComposition

    func check() async -> HostCheck {
        do {
            let journal = try Journal.openReadOnly(at: host.configuration.journalFile)
            let suspension = try await journal.suspension()
            if let hold = Self.hold(suspension) { return hold }
            if let running = try await journal.unfinishedDeployment() {
                return .ok(Self.name, "deployment #\(running.id) has not ended")
            }
            guard let deployed = try await journal.deployedState() else {
                return Self.check(try await Outage(journal), isSuspended: suspension != nil)
            }
            return Self.check(
                deployed.desired.plan, try await host.engine.containers(label: FairleadLabel.stack, value: nil))
        } catch let error as JournalError where error.kind == .missing {
            return .ok(Self.name, "nothing is deployed yet")
        } catch let error as JournalError {
            return .fail(Self.name, error)
        } catch {
            return .skipped(Self.name, because: "the engine has to answer first")
        }
    }

    private static let name = "stack"

    /// A stack that an operator stopped.
    static func hold(_ suspension: Suspension?) -> HostCheck? {
        guard let suspension else { return nil }
        switch suspension.kind {
        case .suspended: return nil
        case .maintenance: return .warn(name, "in maintenance: \(suspension.reason)", suspension.ending)
        case .foreign: return .fail(name, "held back: \(suspension.reason)", suspension.ending)
        case .moved: return .ok(name, "another host has it: \(suspension.reason)")
        }
    }

    /// Nothing counts as deployed.
    static func check(_ outage: Outage?, isSuspended: Bool) -> HostCheck {
        guard let outage else {
            return isSuspended
                ? .warn(name, "nothing is deployed, and the host is suspended", "fairlead resume")
                : .ok(name, "nothing is deployed yet")
        }
        return .fail(name, "\(outage.stack ?? "it") is \(outage.fault)", "'fairlead status' names the way back")
    }

    static func check(_ plan: ResolvedPlan, _ containers: [ContainerStatus]) -> HostCheck {
        let own = Dictionary(
            containers.filter { $0.labels[FairleadLabel.stack] == plan.stack }
                .map { ($0.labels[FairleadLabel.container] ?? "", $0.state) }
        ) { [$0, $1].contains(.running) ? .running : $0 }
        let down = plan.containers.keys.sorted().filter { own[$0] != .running }
            .map { "\($0) is \(own[$0]?.rawValue ?? "missing")" }
        guard down.isEmpty else {
            let isWhole = down.count == plan.containers.count
            return .fail(
                name, (isWhole ? "down: " : "") + down.joined(separator: ", "),
                "the daemon repairs it while it runs; 'fairlead status' and 'fairlead incidents' tell why it did not")
        }
        return .ok(name, "\(plan.stack) \(plan.version), \(own.count.counted("container")) running")
    }
}

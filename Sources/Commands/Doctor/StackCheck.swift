internal import Files
internal import Journal
internal import Model

/// Whether what was deployed runs.
struct StackCheck {
    let host: HostComposition

    func check() async -> HostCheck {
        do {
            let journal = try Journal.openReadOnly(at: host.configuration.journalFile)
            let suspension = try await journal.suspension()
            if let running = try await journal.unfinishedDeployment() {
                let holder = LockHolder.read(at: host.configuration.lockFile)
                return Self.check(running, holder, suspension)
            }
            let deployed = try await journal.deployedState()
            // A stack that a failure took down is down, whatever an operator does by now.
            if deployed == nil, let outage = try await Outage(journal), suspension?.kind.standing.isElsewhere != true {
                return Self.check(outage, isSuspended: suspension != nil)
            }
            if let suspension, let failure = try await suspension.failedEnd(journal) {
                return .fail(Self.name, "in maintenance, whose end failed: \(failure)", suspension.ending)
            }
            if let hold = Self.hold(suspension) { return hold }
            guard let deployed else { return Self.check(nil, isSuspended: suspension != nil) }
            return Self.check(
                deployed.desired.plan, try await host.engine.containers(label: FairleadLabel.stack, value: nil),
                suspension)
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

    /// `holder`: of the host's lock.
    static func check(_ running: DeploymentRecord, _ holder: LockHolder?, _ suspension: Suspension?) -> HostCheck {
        guard running.isWorkedOn(by: holder) else {
            let way = suspension?.kind.way ?? "the daemon, or 'fairlead reconcile',"
            return .fail(name, "deployment #\(running.id) was cut off", "\(way) finishes it")
        }
        return .ok(name, "deployment #\(running.id) has not ended")
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

    static func check(
        _ plan: ResolvedPlan, _ containers: [ContainerStatus], _ suspension: Suspension? = nil
    ) -> HostCheck {
        let own = Dictionary(
            containers.filter { $0.labels[FairleadLabel.stack] == plan.stack }
                .map { ($0.labels[FairleadLabel.container] ?? "", $0.state) }
        ) { [$0, $1].contains(.running) ? .running : $0 }
        let down = plan.containers.keys.sorted().filter { own[$0] != .running }
            .map { "\($0) is \(own[$0]?.rawValue ?? "missing")" }
        guard down.isEmpty else {
            let isWhole = down.count == plan.containers.count
            let repair =
                if let suspension {
                    "nothing is repaired before \(suspension.kind.way)"
                } else if plan.drift == .report {
                    "it is told of only ('drift' is 'report'): start it, or deploy anew"
                } else {
                    "the daemon repairs it while it runs; 'fairlead status' and 'fairlead incidents' tell why it did not"
                }
            return .fail(name, (isWhole ? "down: " : "") + down.joined(separator: ", "), repair)
        }
        return .ok(name, "\(plan.stack) \(plan.version), \(own.count.counted("container")) running")
    }
}

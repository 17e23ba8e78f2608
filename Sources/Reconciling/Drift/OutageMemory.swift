internal import Model
internal import Synchronization

/// Since when containers of the deployed stack are down, over the looks of this process.
struct OutageMemory: Sendable {
    /// What is on record, also from before this process.
    struct Past: Sendable {
        /// When each container last passed a health gate.
        var gates: [String: Timestamp] = [:]
        /// When what still lasts was first found of each container.
        var found: [String: Timestamp] = [:]
        /// When all of the stack was last seen up.
        var stackUp: Timestamp?
        /// When the host booted, where that was since the stack was last known to be whole.
        var boot: Timestamp?
    }

    private var up: [String: Timestamp] = [:]
    private(set) var begins: [String: OutageBegin] = [:]
    /// When all of the stack was last seen up.
    private(set) var wholeSeen: Timestamp?
    /// When each subject of a finding was last seen to differ.
    private(set) var lastSeen: [String: Timestamp] = [:]
    /// The containers of the last look.
    private var names: Set<String> = []
    /// Those of them that were down.
    private var down: Set<String> = []

    /// Takes in a look that began at `began` and ended at `ended`; returns the containers that are down and were not at the
    /// look before.
    mutating func see(_ look: StackObservation, from began: Timestamp, to ended: Timestamp) -> Set<String> {
        for finding in look.findings { lastSeen[finding.subject] = ended }
        names = Set(look.plan.containers.keys)
        down = look.containersDown
        let serving = look.containersRunning.subtracting(down)
        for name in serving {
            up[name] = began
            begins[name] = nil
        }
        begins = begins.filter { look.plan.containers[$0.key] != nil }
        if serving == names { wholeSeen = began }
        return down.subtracting(begins.keys)
    }

    /// Remembers since when `names` are down, which a look found that ended at `ended`.
    mutating func begin(_ names: Set<String>, in look: StackObservation, until ended: Timestamp, _ past: Past) {
        for name in names {
            // What is ahead was written by a clock that was wrong. Nothing is known of what nobody ever saw up.
            let seen = [up[name], past.gates[name], past.stackUp].compactMap(\.self).filter { $0 <= ended }.max()
            guard let seen else { continue }
            if let exact = look.status(of: name)?.finished, exact >= seen, exact <= ended {
                begins[name] = OutageBegin(at: exact)
            } else {
                // What was found before it was last seen up is another outage.
                let found = [past.found[name], past.boot].compactMap(\.self).filter { $0 >= seen && $0 <= ended }.min()
                begins[name] = OutageBegin(earliest: seen, latest: found ?? ended)
            }
        }
    }
}

extension OutageMemory {
    /// `finding`, one of the last look, with what users miss by it.
    func told(_ finding: DriftFinding) -> DriftFinding {
        let affected = names.contains(finding.subject) ? down.intersection([finding.subject]) : down
        let begin = OutageBegin.first(of: affected.compactMap { begins[$0] })
        var finding = finding
        finding.effect = DriftEffect(isDown: !affected.isEmpty, begin: begin)
        return finding
    }
}

/// The one of a process.
final class OutageWatch: Sendable {
    private let memory = Mutex(OutageMemory())

    var wholeSeen: Timestamp? { memory.withLock(\.wholeSeen) }

    var lastSeen: [String: Timestamp] { memory.withLock(\.lastSeen) }

    /// `findings`, which are of the last look, with what users miss by each.
    func told(_ findings: [DriftFinding]) -> [DriftFinding] {
        memory.withLock { memory in findings.map { memory.told($0) } }
    }

    /// Of the containers of `names` that are down; of all when it is `nil`.
    func begins(of names: Set<String>?) -> [String: OutageBegin] {
        memory.withLock(\.begins).filter { names?.contains($0.key) ?? true }
    }

    func forget() { memory.withLock { $0 = OutageMemory() } }

    func see(_ look: StackObservation, from began: Timestamp, to ended: Timestamp) -> Set<String> {
        memory.withLock { $0.see(look, from: began, to: ended) }
    }

    func begin(_ names: Set<String>, in look: StackObservation, until ended: Timestamp, _ past: OutageMemory.Past) {
        memory.withLock { $0.begin(names, in: look, until: ended, past) }
    }
}

extension StackObservation {
    func status(of name: String) -> ContainerStatus? { observed.container(name, of: plan) }

    fileprivate var containersRunning: Set<String> {
        Set(plan.containers.keys.filter { status(of: $0)?.state == .running })
    }

    /// The containers that serve nobody: what differs otherwise goes on serving until it is replaced.
    fileprivate var containersDown: Set<String> {
        guard !isUnfinished else { return Set(plan.containers.keys) }
        return Set(plan.containers.keys.filter { name in findings.contains { isDown(name, $0) } })
    }

    private var isUnfinished: Bool {
        findings.contains { $0.kind == .network } || observed.networkFault?.cutsOff == true
    }

    private func isDown(_ name: String, _ finding: DriftFinding) -> Bool {
        guard finding.subject == name else { return false }
        if finding.kind.stopsService { return true }
        return switch finding.kind {
        // One whose monitor alone is gone serves.
        case .dead: status(of: name).flatMap { observed.lives[$0.id] }.map { $0.age == nil || $0.isHalted } ?? true
        // What the owner's firewall shuts out no deployment brings back: its incident tells how long that was.
        case .port: observed.deadPorts.contains { $0.container == name && $0.cause.isRenewable && !$0.isPartial }
        default: false
        }
    }
}

extension DriftFinding.Kind {
    /// Whether a container of which it is found serves nobody, whatever else is seen of it.
    var stopsService: Bool { [.missing, .stopped, .paused, .detached].contains(self) }
}

internal import HostSystem
internal import Journal
internal import Model

/// Whether each data directory of what is deployed is the one that it was: a running stack does not notice.
struct DataChecks {
    let host: HostComposition

    func check() async -> HostCheck {
        let name = "data directories"
        do {
            let journal = try Journal.openReadOnly(at: host.configuration.journalFile)
            guard let plan = try await journal.deployedState()?.desired.plan else {
                return .ok(name, "nothing is deployed")
            }
            let findings = try await host.data(journal).findings(on: plan.dataNames, in: plan)
            let changes = findings.compactMapValues(\.change).sorted { $0.key < $1.key }
            guard !changes.isEmpty else { return .ok(name, "each is the one that it was, as far as it is known") }
            let (words, start) = (
                changes.map { "'\($0.key)' \($0.value.words)" }.joined(separator: ", ").printable,
                "the next start of the stack is refused until then"
            )
            let names = changes.filter { $0.value.onlyWay == nil }.map { "--data \($0.key)" }.joined(separator: " ")
            let onlyWays = Set(changes.compactMap { $0.value.onlyWay }).sorted().joined(separator: "; ")
            guard !names.isEmpty else { return .fail(name, words, "\(onlyWays): \(start)") }
            return .fail(
                name, words, "mount the disk or move it back: \(start)",
                "where it is right as it is now: fairlead adopt \(names)".printable)
        } catch let error as JournalError where error.kind == .missing {
            return .ok(name, "nothing is deployed")
        } catch {
            return .fail(name, error)
        }
    }
}

internal import HostSystem
internal import Incidents
internal import Journal
internal import Model

/// Keeps two machines from running one host of the customer repo: a copy of the disk, or of the data, does nothing until
/// an operator adopts it.
struct MachineGuard {
    let configuration: VSNConfiguration
    let journal: Journal
    let reporter: IncidentReporter
    /// `nil` where this machine has no id; it cannot be told from another one then.
    let own: MachineMark?

    init(_ host: HostComposition, _ journal: Journal) {
        configuration = host.configuration
        self.journal = journal
        reporter = host.reporter(journal)
        own = .current(host: configuration.host)
    }

    /// Makes state and data this machine's where they are nobody's yet; holds the host back where they are another's.
    func check(at now: Timestamp) async throws {
        guard let own else { return }
        let state = try await journal.machine()
        let data = try MachineMark.read(ofDataRoot: configuration.dataRoot)
        let foreign = [(state, "state", configuration.stateDirectory), (data, "data", configuration.dataRoot)]
            .compactMap { mark, what, path in mark.flatMap { $0.machine == own.machine ? nil : ($0, what, path) } }
        guard let (mark, what, path) = foreign.first else { return try await claim(own, state, data) }
        let reason =
            "the \(what) in '\(path)' \(what == "data" ? "are" : "is") of another machine, "
            + "host '\(mark.host)' (\(mark.machine)); this one is \(own.machine)"
        try await reporter.open(.machine, cause: own.machine, told(reason))
        guard try await journal.suspension()?.kind != .foreign else { return }
        let suspension = Suspension(reason: reason, since: now, kind: .foreign)
        try await PauseMarker(configuration).change(journal) { try await $0.suspend(suspension) }
    }

    /// Makes state and data this machine's, whosever they were; returns whose.
    func adopt(by person: String, at now: Timestamp) async throws -> [MachineMark] {
        guard let own else { throw MachineWithoutID() }
        let data = try? MachineMark.read(ofDataRoot: configuration.dataRoot)
        let former = try await [journal.machine(), data].compactMap { $0 }.filter { $0.machine != own.machine }
        let others = former.count == 2 && former[0] == former[1] ? [former[0]] : former
        for mark in others {
            let text = "state or data of host '\(mark.host)', machine \(mark.machine)"
            try await OperatorLedger(journal).record(
                OperatorAct(kind: .adopted, text: text, person: person, time: now))
        }
        try await journal.setMachine(own)
        try own.write(toDataRoot: configuration.dataRoot)
        try await release("adopted by an operator")
        return others
    }

    private func claim(_ own: MachineMark, _ state: MachineMark?, _ data: MachineMark?) async throws {
        if state != own { try await journal.setMachine(own) }
        if data != own { try own.write(toDataRoot: configuration.dataRoot) }
        guard try await journal.suspension()?.kind == .foreign else { return }
        try await release("back on the machine that they belong to")
    }

    private func release(_ reason: String) async throws {
        try await PauseMarker(configuration).change(journal) { try await $0.lift(.foreign) }
        let details = IncidentDetails(
            headline: "recovered: the host is not held back any more", reason: "state and data: \(reason)",
            action: "the next poll deploys what is committed", host: configuration.host)
        try await reporter.close(.machine, details)
    }

    private func told(_ reason: String) -> IncidentDetails {
        IncidentDetails(
            headline: "held back: this is another machine, nothing is started", reason: reason,
            action: "Fairlead starts, repairs and deploys nothing",
            advice: "where the other machine is off, or no longer runs the stack: fairlead adopt",
            host: configuration.host)
    }
}

/// This machine does not say which one it is.
struct MachineWithoutID: Actionable {
    var message: String { "'/etc/machine-id' is missing or empty: this machine cannot be told from others" }
    var hint: String { "'systemd-machine-id-setup' writes one" }
    var disposition: Disposition { .permanent }
}

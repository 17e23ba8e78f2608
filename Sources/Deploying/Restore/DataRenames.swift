internal import Model

/// The data directories that a deployment renames, since the plan says what they were called before.
struct DataRenames {
    private let run: DeploymentRun
    private let ports: any DataRenaming

    init(of run: DeploymentRun) {
        self.run = run
        ports = run.ports.renames
    }

    /// A start of what was deployed changes no name, and a roll back brings the data of before itself.
    private var isWanted: Bool {
        !run.request.restarts && run.request.replacing == nil && run.request.restoring == nil
    }

    /// Step 1: what is going to be renamed. Throws what would fail when the stack is down.
    func check() async throws -> [DataRename] {
        // What is brought back has the former names, and would be taken for gone.
        if run.request.restoring != nil, run.request.recovering != nil { try await undo() }
        guard isWanted else { return [] }
        return try await run.dataOutlook.renames(for: run.request.moves)
    }

    /// Step 3, before anything else is done to the data. Begins with what a deployment that was cut off has done.
    func perform() async throws {
        guard isWanted else { return }
        try await undo()
        for rename in try await ports.renames(for: run.request.moves) {
            run.options.checkpoint("before rename")
            try await ports.rename(rename)
            run.options.checkpoint("\(rename.to.name) renamed")
            let change = rename.change(in: run.plan.stack)
            run.ports.observer.deployment(.note("\(change.subject): \(change.text)"))
            try await run.record(change)
        }
    }

    /// After a failure: the data is found where it was before.
    func undo() async throws {
        for rename in try await ports.undoRenames() {
            let change = rename.change(in: run.plan.stack)
            run.ports.observer.deployment(.note("\(change.subject): \(change.text), as before"))
        }
    }
}

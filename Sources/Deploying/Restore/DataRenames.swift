internal import Planning

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
        guard isWanted else { return [] }
        let renames = try await ports.renames(for: run.request.moves)
        for rename in renames { try await checkThatItIsRight(rename.from) }
        return renames
    }

    /// Another directory in its place, such as a mount point without its disk, would become the data under the new name.
    private func checkThatItIsRight(_ place: DataPlace) async throws {
        var plan = run.plan
        plan.stack = place.stack
        let finding = try await run.ports.data.findings(on: [place.name], in: plan)[place.name]
        guard let change = finding?.change, finding?.known?.released != true else { return }
        throw DeploymentError.lostData([DataLoss(name: place.name, change: change)], restores: plan.restoresData)
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

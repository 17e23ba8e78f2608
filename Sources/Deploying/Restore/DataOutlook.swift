public import Model

/// What step 1 finds of the data before anything else is done: the same for a deployment and for who asks before one.
public struct DataOutlook: Sendable {
    /// Data directories that are filled before their containers start.
    public struct Filling: Sendable {
        let names: Set<String>
        /// What may not start empty among them.
        let losses: [DataLoss]

        public var owed: Set<String> { Set(losses.map(\.name)) }

        /// Why a deployment is refused where no backup holds `names`.
        public func refusal(withoutBackupOf names: Set<String>) -> DeploymentError? {
            let left = losses.filter { names.contains($0.name) }
            return left.isEmpty ? nil : .lostData(left, restores: false, isSaved: false)
        }
    }

    let plan: ResolvedPlan
    /// What counts as deployed.
    let deployed: ResolvedPlan?
    let data: any DataMemory
    let renaming: any DataRenaming

    public init(
        of plan: ResolvedPlan, after deployed: ResolvedPlan?, data: any DataMemory, renames: any DataRenaming
    ) {
        self.plan = plan
        self.deployed = deployed
        self.data = data
        renaming = renames
    }

    /// Throws why the commit of this plan, or that of a hotfix of the containers `replacing`, would not be deployed, whatever
    /// else is right.
    public func filling(replacing: Set<String>?, moves: [DataMove]) async throws -> Filling {
        let renamed = replacing == nil ? Set(try await renames(for: moves).map(\.to.name)) : []
        let targets = plan.containers.filter { replacing?.contains($0.key) ?? true }
        return try await filling(
            Set(targets.values.flatMap(\.dataNames)).subtracting(renamed), trigger: .commit)
    }

    /// What is going to be renamed. Throws what would fail when the stack is down.
    func renames(for moves: [DataMove]) async throws -> [DataRename] {
        let renames = try await renaming.renames(for: moves)
        for rename in renames { try await checkThatItIsRight(rename.from) }
        return renames
    }

    /// Another directory in its place, such as a mount point without its disk, would become the data under the new name.
    private func checkThatItIsRight(_ place: DataPlace) async throws {
        var former = plan
        former.stack = place.stack
        let finding = try await data.findings(on: [place.name], in: former)[place.name]
        guard let finding, let change = finding.change, !finding.wasPutThere else { return }
        // Whoever ended its use may have emptied it.
        guard change != .emptied || finding.known?.released != true else { return }
        throw DeploymentError.lostData([DataLoss(name: place.name, change: change)], restores: plan.restoresData)
    }

    /// Of the data directories `names`. Throws where a container would be started on one that is not what it was.
    func filling(_ names: Set<String>, trigger: DeploymentTrigger) async throws -> Filling {
        let findings = try await data.findings(on: names, in: plan)
        let restores = plan.restoresData
        let inUse = deployed?.dataNames(in: plan.stack) ?? []
        switch RestoreChoice.about(findings, inUse: inUse, trigger: trigger, restores: restores) {
        case .lost(let losses): throw DeploymentError.lostData(losses, restores: restores)
        case .fill(let names):
            let owed = RestoreChoice.owed(findings, inUse: inUse, trigger: trigger, restores: restores)
            return Filling(names: names, losses: owed)
        }
    }
}

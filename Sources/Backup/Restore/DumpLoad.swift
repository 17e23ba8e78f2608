internal import Files
internal import Model

/// Which container takes a dump in, and how.
struct DumpLoad: Sendable {
    /// In the plan.
    let container: String
    /// Run in it; reads the dump from its standard input.
    let command: [String]

    /// Of data directory `name`. What the plan says goes before what was said when the dump was made.
    init(of name: String, _ archive: VolumeArchive, in plan: ResolvedPlan) throws(HostError) {
        let users = plan.containers.sorted { $0.key < $1.key }.flatMap { container, plan in
            plan.volumes.filter { $0.dataName == name && !$0.readOnly }.map { (container, $0.backup) }
        }
        guard let (container, backup) = users.first(where: { $1?.load != nil || $1?.dump != nil }) ?? users.last else {
            throw HostError(
                "what fills data directory '\(name)' is a dump, and no container can write it",
                hint: "mount '\(name)' writable in the container that loads it")
        }
        guard let command = backup?.load ?? archive.load, !command.isEmpty else {
            throw HostError(
                "what fills data directory '\(name)' is a dump, and nobody says how to load it",
                hint: "add 'load' to the 'backup' of that volume of container '\(container)'")
        }
        self.container = container
        self.command = command
    }
}

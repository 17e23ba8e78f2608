internal import Glibc
internal import Model

extension HostSystem {
    /// Whether systemd's journal takes what containers write.
    public var hasJournal: Bool { access(configuration.journalSocket, F_OK) == 0 }

    /// No engine can start a container whose log has nowhere to go.
    func logProblems(of plan: ResolvedPlan) -> [HostProblem] {
        let names = plan.containers.filter { $0.value.logs?.driver == .journald }.keys.sorted()
        guard !names.isEmpty, !hasJournal else { return [] }
        return [
            HostProblem(
                message: "the log of \(names.quoted) is to go to systemd's journal, "
                    + "which does not run here: there is no '\(configuration.journalSocket)'",
                hint: "remove 'logs' from the container: without it a host that has no journal keeps a file")
        ]
    }
}

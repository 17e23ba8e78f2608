internal import Model

/// The limits that the kernel holds a container to, beside those of its plan.
struct LimitComparison {
    let planned: ResourcePlan
    let actual: ResourcePlan

    /// One for each limit that differs.
    var words: [String] {
        var words: [String] = []
        // The kernel counts in pages.
        if planned.memory.map({ $0.bytes / 4096 }) != actual.memory.map({ $0.bytes / 4096 }) {
            words.append(difference("memory", actual.memory?.rounded, planned.memory?.rounded))
        }
        if planned.cpus.map(hundredths) != actual.cpus.map(hundredths) {
            words.append(difference("cpus", actual.cpus.map { "\($0)" }, planned.cpus.map { "\($0)" }))
        }
        // Where the plan sets none, the engine has a default of its own.
        if let pids = planned.pids, pids != actual.pids {
            words.append(difference("pids", actual.pids.map { "\($0)" }, "\(pids)"))
        }
        return words
    }

    private func hundredths(_ cpus: Double) -> Int64 { max(1, Int64((cpus * 100).rounded())) }

    private func difference(_ name: String, _ actual: String?, _ planned: String?) -> String {
        "\(name) is limited to \(actual ?? "nothing"), not to \(planned ?? "nothing")"
    }
}

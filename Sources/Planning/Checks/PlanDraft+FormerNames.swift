internal import Model

extension PlanDraft {
    /// What was before: names that cannot have been, or that something else still has.
    func checkFormerNames() {
        if let cursor = root["formerly"], plan.formerly == plan.stack {
            cursor.error("the stack has this name now", hint: "write the name that it had before, or remove 'formerly'")
        }
        var claimed: [String: String] = [:]
        for container in containers {
            for (index, volume) in container.plan.volumes.enumerated() {
                let pointer = "\(container.pointer)/volumes/\(index)"
                guard case .data(let name) = volume.source else {
                    refuseDataWords(of: volume, at: pointer)
                    continue
                }
                guard let former = volume.formerly else { continue }
                if let problem = problem(withFormer: former, of: name, claimedBy: claimed[former]) {
                    log.error(problem.message, at: "\(pointer)/formerly", hint: problem.hint)
                }
                claimed[former] = name
            }
        }
    }

    private func problem(
        withFormer former: String, of name: String, claimedBy other: String?
    ) -> (message: String, hint: String)? {
        if RepositoryPath(former) == nil {
            return ("'\(former)' cannot be the name of a data directory", "write the name that it had before")
        }
        if former == name {
            return ("data directory '\(name)' has this name now", "write the one that it had before")
        }
        if plan.dataNames.contains(former) {
            return (
                "'\(former)' is still a data directory of the plan, so '\(name)' cannot have been it",
                RenameOrder(of: plan).hint(from: former, to: name)
            )
        }
        guard let other, other != name else { return nil }
        return ("'\(other)' and '\(name)' cannot both have been '\(former)'", "remove one 'formerly'")
    }

    private func refuseDataWords(of volume: VolumePlan, at pointer: String) {
        for (key, isThere) in [("formerly", volume.formerly != nil), ("startEmpty", volume.startEmpty != nil)]
        where isThere {
            log.error(
                "'\(key)' is for data directories", at: "\(pointer)/\(key)",
                hint: "remove it: what is mounted here has no other name")
        }
    }
}

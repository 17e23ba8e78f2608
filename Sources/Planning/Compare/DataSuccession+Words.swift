public import Model

extension DataSuccession {
    /// In words, by name; `found` are those of `begun` in which the host has something.
    public func changes(found: Set<DataPlace>) -> [PlanChange] {
        moves.compactMap(renamed) + left.map { told($0, .removed, "stays behind on the host") }
            + beginnings.map { begin in
                guard !found.contains(begin.place) else {
                    return told(begin.place, .changed, "is on the host already, and is used as it is")
                }
                return told(begin.place, .added, isRestored ? "starts empty, unless a backup holds it" : "starts empty")
            }
    }

    /// What would be lost to the stack without a word; `found` as above.
    public func problems(found: Set<DataPlace>) -> [PlanProblem] {
        let silent = beginnings.filter { !$0.isMeant && !found.contains($0.place) }
        guard let old, !silent.isEmpty else { return [] }
        guard old.stack == plan.stack || plan.formerly == old.stack else { return [renamedStack(silent, old)] }
        return silent.map(problem)
    }

    private func problem(of begin: Beginning) -> PlanProblem {
        let (former, name) = (begin.former.shown(in: plan.stack), begin.place.name)
        return PlanProblem(
            file: PlanResolver.planFile, pointer: "\(begin.pointer)/data",
            message: left.contains(begin.former)
                ? "'\(former)' stays behind on the host, '\(name)' starts empty"
                : "'\(name)' starts empty where '\(former)' served before",
            hint: "add " + renaming(from: begin.former) + "\"startEmpty\": true to begin without that data")
    }

    private func renaming(from former: DataPlace) -> String {
        guard [plan.stack, plan.formerly].contains(former.stack) else { return "" }
        return "\"formerly\": \"\(former.name)\" to rename the directory, or "
    }

    /// One mistake, whatever it concerns.
    private func renamedStack(_ silent: [Beginning], _ old: ResolvedPlan) -> PlanProblem {
        PlanProblem(
            file: PlanResolver.planFile, pointer: "/stack",
            message: "the data of stack '\(old.stack)' (\(Set(silent.map(\.former.name)).quotedList)) stays behind on "
                + "the host, stack '\(plan.stack)' starts empty (\(silent.map(\.place.name).quotedList))",
            hint: "add \"formerly\": \"\(old.stack)\" beside 'stack' to move the data, or \"startEmpty\": true to "
                + "each volume to begin without it")
    }

    private func renamed(_ move: DataMove) -> PlanChange? {
        move.inUse.map { told(move.to, .changed, "is renamed from '\($0.shown(in: plan.stack))'") }
    }

    private func told(_ place: DataPlace, _ kind: PlanChange.Kind, _ text: String) -> PlanChange {
        PlanChange(subject: "data directory '\(place.shown(in: plan.stack))'", kind: kind, text: text)
    }

    private var isRestored: Bool { plan.backup.map { $0.restore != .never } ?? false }
}

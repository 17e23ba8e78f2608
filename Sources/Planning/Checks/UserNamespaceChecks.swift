internal import Model

/// What contradicts a container's user namespace of its own.
struct UserNamespaceChecks {
    let draft: PlanDraft

    func run() {
        for container in draft.containers where container.plan.userns == .private {
            checkPrivileges(of: container)
            checkUser(of: container)
            for (index, volume) in container.plan.volumes.enumerated() {
                check(volume.owner, at: "\(container.pointer)/volumes/\(index)/owner")
            }
            for (index, secret) in container.plan.secretFiles.enumerated() {
                check(secret.owner, at: "\(container.pointer)/secretFiles/\(index)/owner")
            }
        }
    }

    private func checkPrivileges(of container: PlanDraft.PlacedContainer) {
        guard container.plan.privileged else { return }
        draft.log.error(
            "a privileged container has the host's user ids, and 'userns' asks for its own",
            at: "\(container.pointer)/privileged", hint: "leave one of them out")
    }

    private func checkUser(of container: PlanDraft.PlacedContainer) {
        let parts = (container.plan.user ?? "").split(separator: ":")
        for number in parts.compactMap({ UInt64($0) }) where number >= UInt64(IDRange.count) {
            draft.log.error(
                "user id '\(number)' does not exist in a user namespace of its own", at: "\(container.pointer)/user",
                hint: Self.hint)
        }
    }

    private func check(_ owner: FileOwner?, at pointer: String) {
        guard let owner, max(owner.user, owner.group) >= IDRange.count else { return }
        draft.log.error(
            "owner '\(owner)' does not exist in a user namespace of its own", at: pointer, hint: Self.hint)
    }

    private static let hint = "write at most \(IDRange.count - 1), or leave 'userns' out"
}

internal import Model

extension PlanDraft {
    /// Whoever can read the customer repo has a password that stands there; a clone of it is on more machines than hosts.
    func checkPasswords() {
        for login in root["registries"].map(members) ?? [] { checkPassword("password", in: login.cursor) }
        for section in ChannelSection.all {
            guard let channel = root.section(section.key) else { continue }
            for password in section.passwords { checkPassword(password, in: channel) }
        }
        if let backup = root.section("backup") { checkStorages(in: backup) }
    }

    /// What is no object is told by others.
    private func members(of cursor: PlanCursor) -> [(name: String, cursor: PlanCursor)] {
        cursor.value.object == nil ? [] : cursor.members
    }

    private func checkStorages(in cursor: PlanCursor) {
        for (name, member) in members(of: cursor) {
            switch name {
            case "mount": checkPassword("password", in: member)
            case "rclone": for option in RemoteOptions.credentials.sorted() { checkPassword(option, in: member) }
            default: checkStorages(in: member)
            }
        }
    }

    private func checkPassword(_ name: String, in cursor: PlanCursor) {
        guard let password = cursor[name], let text = password.value.string, !text.isEmpty, !isOpenToAll(cursor),
            SecretText(source: text).references.isEmpty
        else { return }
        password.warning(
            "'\(name)' stands in the plan: whoever can read the customer repo has it",
            hint: "write \"${secret:NAME}\", and the value with 'fairlead secrets set NAME'")
    }

    /// An ftp server for everybody takes any password, and wants one.
    private func isOpenToAll(_ cursor: PlanCursor) -> Bool {
        cursor["type"]?.value.string == "ftp"
            && ["anonymous", "ftp"].contains(cursor["user"]?.value.string ?? "anonymous")
    }
}

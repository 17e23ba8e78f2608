internal import Model

extension PlanDraft {
    /// What a plan can do without and hardly ever should.
    func checkOmissions() {
        if root["backup"] == nil {
            log.warning(
                "the plan has no 'backup': the data is saved nowhere", at: "/backup",
                hint: "add it (docs/backup.md), or write \"backup\": \"none\" where that is meant")
        }
        if ChannelSection.all.allSatisfy({ root[$0.key] == nil }) {
            log.warning(
                "the plan has no 'mail': nobody hears of failures", at: "/mail",
                hint: "add it (docs/mail.md), or write \"mail\": \"none\" where that is meant")
        }
        checkPasswords()
        checkPlaceholders()
        checkHostIsPinned()
    }

    /// Another machine with its name could run it too.
    private func checkHostIsPinned() {
        guard root[HostKeyPin.key] == nil else { return }
        log.add(
            omission: PlanProblem(
                severity: .warning, file: HostKeyPin.file(of: plan.host),
                message: "host '\(plan.host)' has no 'hostKey': any machine that is set up under its name would run "
                    + "the stack",
                hint: "add the line that 'fairlead host-key' prints on it"))
    }

    /// Names that are reserved for examples reach nobody.
    private func checkPlaceholders() {
        if let backup = root.section("backup") { checkPlaceholders(in: backup) }
        for channel in ChannelSection.all.compactMap({ root.section($0.key) }) { checkPlaceholders(in: channel) }
    }

    private func checkPlaceholders(in cursor: PlanCursor) {
        switch cursor.value {
        case .object: for (_, member) in cursor.members { checkPlaceholders(in: member) }
        case .array: for element in cursor.elements { checkPlaceholders(in: element) }
        case .string(let text) where ExampleName.occurs(in: text):
            cursor.warning(
                "'\(text.shortened)' is an example, which reaches nobody", hint: "write your own in its place")
        default: break
        }
    }
}

/// Names of RFC 2606, and the key of the documentation.
enum ExampleName {
    /// Of the template: nobody has its private half.
    static let recipient = "age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq"

    static func occurs(in text: String) -> Bool {
        text == recipient || text.contains(/(?i)(?:^|[.@\/])example\.(?:com|net|org)(?:$|[:\/])/)
            || text.contains(/(?i)[a-z0-9-]\.example(?:$|[:\/])/)
    }
}

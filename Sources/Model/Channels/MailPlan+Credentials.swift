extension MailPlan {
    /// Whether `text` is a mail address, of the characters that RFC 5321 allows without quotes. None with '%', which has
    /// a meaning of its own for the mail program.
    public static func isAddress(_ text: String) -> Bool {
        let local = /[A-Za-z0-9!#$&'*+\/=?^_`{|}~.][A-Za-z0-9!#$&'*+\/=?^_`{|}~.-]*/
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0].wholeMatch(of: local) != nil
            && parts[1].wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9.-]*/) != nil && text.utf8.count <= 254
    }

    /// What is wrong with the user name and the password, once the secrets in them are known. Never holds a value.
    ///
    /// They have to fit into one line of the mail program's configuration.
    public func credentialProblems(with secrets: Secrets) -> [PlanProblem] {
        [("username", username), ("password", password)].compactMap { name, text in
            guard let text, let value = text.value(with: secrets), let wrong = Self.credentialFault(of: value) else {
                return nil
            }
            let source = text.references.first.map { "the secret '\($0)'" } ?? "'\(name)' of 'mail'"
            return PlanProblem(
                file: "plan.json", pointer: "/mail/\(name)", message: "the mail server's \(name) \(wrong.message)",
                hint: "correct \(source): \(wrong.hint)")
        }
    }

    /// What is wrong with a user name or a password; follows its name.
    public static func credentialFault(of value: String) -> (message: String, hint: String)? {
        if value.isEmpty { return ("is empty", "it must have a value") }
        if value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return ("contains a line break or another control character", "remove it, also at the end")
        }
        // One line of SMTP has both in base64, and 512 bytes.
        return value.utf8.count > 255 ? ("is longer than 255 bytes", "it would not fit into a line of SMTP") : nil
    }
}

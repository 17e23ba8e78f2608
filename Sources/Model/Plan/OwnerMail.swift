/// Where the owner of a host hears of it: the host's own configuration says so, and no commit.
public struct OwnerMail: Codable, Hashable, Sendable {
    public var to: [String]
    public var from: String?
    /// As `MailPlan.smtp`; absent: the owner is not written to.
    public var smtp: String?
    public var username: String?
    public var passwordFile: String?

    public init(
        to: [String] = [], from: String? = nil, smtp: String? = nil, username: String? = nil,
        passwordFile: String? = nil
    ) {
        self.to = to
        self.from = from
        self.smtp = smtp
        self.username = username
        self.passwordFile = passwordFile
    }

    public var isConfigured: Bool { smtp != nil }
}

extension OwnerMail {
    /// What is wrong with it, and under which of its keys.
    public var problems: [(key: String, message: String, hint: String)] {
        let isLeftOut = to.isEmpty && from == nil && username == nil && passwordFile == nil
        guard isConfigured || !isLeftOut else { return [] }
        let wrong = ([from].compactMap(\.self) + to).first { !MailPlan.isAddress($0) }
        let server = smtp.flatMap(MailServer.init)
        let faults: [(Bool, String, String, String)] = [
            (smtp == nil, "smtp", "there is no mail server", "write such as 'smtps://mail.example.com:465'"),
            (
                smtp != nil && server == nil, "smtp", "'\(smtp ?? "")' is not the URL of a mail server",
                "write such as 'smtps://mail.example.com:465'"
            ),
            (from == nil, "from", "there is no sender", "write such as 'vsn1@example.com'"),
            (to.isEmpty, "to", "there is no recipient", "write such as [\"ops@example.com\"]"),
            (
                wrong != nil, wrong == from ? "from" : "to", "'\(wrong ?? "")' is not a mail address",
                "write such as 'ops@example.com'"
            ),
            (
                (username == nil) != (passwordFile == nil), username == nil ? "username" : "passwordFile",
                "a login is a user and a password", "add the key, or leave both out"
            ),
            (
                username != nil && server?.security == MailServer.Security.none, "smtp",
                "a password is not sent unencrypted", "write 'smtps://' or 'smtp://'"
            ),
        ]
        return faults.filter { $0.0 }.map { (key: $0.1, message: $0.2, hint: $0.3) }
    }
}

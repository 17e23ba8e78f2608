/// How incidents are mailed.
public struct MailPlan: Codable, Hashable, Sendable {
    public var from: String
    public var to: [String]
    /// `smtps://host:port` (TLS), `smtp://host:port` (STARTTLS) or `smtp+plain://host:port` (no encryption, no login).
    public var smtp: String
    public var username: SecretText?
    public var password: SecretText?

    public init(
        from: String, to: [String], smtp: String, username: SecretText? = nil, password: SecretText? = nil
    ) {
        self.from = from
        self.to = to
        self.smtp = smtp
        self.username = username
        self.password = password
    }
}

extension ChannelSection {
    package static let mail = Self(
        key: "mail", passwords: ["password"], reaching: ["smtp"], servers: "mail servers",
        allowed: { $0.allowedMailServers }, channel: { $0.mail?.channel },
        copy: { $1.mail = $0?.mail })
}

extension MailPlan {
    fileprivate var channel: ChannelPlan {
        ChannelPlan(
            key: ChannelSection.mail.key,
            server: MailServer(smtp).map { NeededHost($0.host, role: "the mail server") },
            credentials: [username, password].compactMap(\.self),
            programs: [RequiredProgram("msmtp", for: "mail")], isSentByJob: true,
            credentialProblems: { credentialProblems(with: $0) }, problems: { problems(under: $0) })
    }

    private func problems(under policy: VSNPolicy) -> [PlanProblem] {
        guard let allowed = ChannelSection.mail.allowed(policy), let server = MailServer(smtp),
            !allowed.contains(server.host), !allowed.contains("\(server.host):\(server.port)")
        else { return [] }
        return [
            policy.refusal(
                "mail server '\(server.host)' is not allowed", at: "/mail/smtp", setting: "allowedMailServers",
                list: allowed, lacks: server.host)
        ]
    }
}

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
    static let mail = Self(
        key: "mail", credentials: ["username", "password"], passwords: ["password"], reaching: ["smtp"],
        servers: "mail servers", allowed: { $0.allowedMailServers },
        read: { $1.mail = MailPlan(reading: $0) }, channel: { $0.mail?.channel }, copy: { $1.mail = $0?.mail })
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

    fileprivate init(reading cursor: PlanCursor) {
        self.init(
            from: Self.address(cursor["from"]), to: cursor["to"]?.elements.map(Self.address) ?? [],
            smtp: Self.smtp(cursor["smtp"]), username: cursor["username"]?.text.map(SecretText.init(source:)),
            password: cursor["password"]?.text.map(SecretText.init(source:)))
        checkLogin(cursor)
    }

    private static func address(_ cursor: PlanCursor?) -> String {
        guard let cursor, let text = cursor.text else { return "" }
        if !isAddress(text) {
            cursor.error("'\(text)' is not a mail address", hint: "write an address such as 'ops@acme.example.com'")
        }
        return text
    }

    private static func smtp(_ cursor: PlanCursor?) -> String {
        guard let cursor, let text = cursor.text else { return "" }
        if MailServer(text) == nil {
            cursor.error(
                "'smtp' is not the URL of a mail server",
                hint: "write 'smtps://HOST:465', 'smtp://HOST:587' or 'smtp+plain://HOST:25'; credentials go to "
                    + "'username' and 'password'")
        }
        return text
    }

    /// A password must not cross the network readable, and a half of a login is a mistake.
    private func checkLogin(_ cursor: PlanCursor) {
        switch (username, password) {
        case (nil, nil): break
        case (nil, _): cursor.error("'mail' has a password but no 'username'", hint: "add 'username'")
        case (_, nil):
            cursor.error("'mail' has a user name but no 'password'", hint: "add \"password\": \"${secret:mail}\"")
        default:
            guard MailServer(smtp)?.security == MailServer.Security.none else { break }
            cursor.error(
                "'mail' would send its password unencrypted to the server of 'smtp+plain://'",
                hint: "write 'smtps://HOST:465' or 'smtp://HOST:587', or remove 'username' and 'password'")
        }
    }
}

internal import Model

/// What came of a mail that was sent at once, to tell whether mail works.
public struct TestMail: Sendable {
    /// For one recipient.
    public struct Delivery: Sendable {
        public var recipient: String
        public var isDelivered: Bool
        /// What the server said, or why it was not reached; one line, never with the password.
        public var answer: String
        /// What to do next; empty when all is well.
        public var hint: String
    }

    public var from: String
    /// The URL of the plan.
    public var server: String
    public var subject: String
    public var deliveries: [Delivery]
}

/// What msmtp says after one attempt, in words for people. `send-mail.bash` decides by the same words.
struct MailAnswer {
    private let isDelivered: Bool
    private let said: String

    /// `log`: the line that msmtp writes to its log; it has the server's answer to a mail that was taken.
    init(status: Int32, log: String, errors: String, password: String?) {
        isDelivered = status == 0
        let answer = log.firstMatch(of: /smtpmsg='(.*?)' (?:errormsg=|exitcode=)/).map { String($0.output.1) }
        // The tail of its standard error joins lines by ' | '.
        let problem = errors.split(separator: " | ").map { $0.hasPrefix("msmtp: ") ? $0.dropFirst(7) : $0 }
            .filter { !$0.hasPrefix("could not send mail") }.joined(separator: "; ").replacing(/[ ]+(;|$)/) {
                $0.output.1
            }
        let text = isDelivered ? answer ?? "taken" : problem
        // A server may repeat the login that it was sent, which is in base64.
        said = password.map { Redaction([($0, "[secret]")]).applied(to: text) } ?? text
    }

    /// `section` is the key that holds the settings, in the plan or the configuration.
    func delivery(to recipient: String, through server: String, section: String) -> TestMail.Delivery {
        TestMail.Delivery(
            recipient: recipient, isDelivered: isDelivered, answer: said.isEmpty ? "msmtp gave no reason" : said,
            hint: isDelivered ? "" : hint(server, section))
    }

    private func hint(_ server: String, _ section: String) -> String {
        let hints = [
            ("recipient address", "correct 'to' of '\(section)', or create that mailbox"),
            (
                "envelope from",
                "the server does not let this login send for 'from' of '\(section)': correct one of them"
            ),
            ("authentication failed", "correct 'username' of '\(section)' and its password"),
            ("server message: 53", "correct 'username' of '\(section)' and its password"),
            ("TLS certificate", Self.certificateHint),
            ("certificate", Self.certificateHint),
            ("does not support TLS", "with TLS from the start, write 'smtps://' with the port for it, mostly 465"),
            ("TLS handshake", "for STARTTLS write 'smtp://' with the port for it, mostly 587"),
            ("cannot locate host", "correct the host in 'smtp' of '\(section)', or the DNS of this host"),
            ("Permission denied", "AppArmor keeps msmtp from its settings: see 'docs/mail.md'"),
            ("cannot connect", "check that the server runs, and that no firewall is between: 'nc -vz HOST PORT'"),
            ("timed out", "check that the server runs, and that no firewall is between: 'nc -vz HOST PORT'"),
            ("did not accept the mail", "ask the mail server's operator why it refuses this mail"),
        ]
        return hints.first { said.contains($0.0) }?.1
            ?? "see whether '\(server)' is right, and the mail server's own log"
    }

    private static let certificateHint =
        "use the server name that is in its certificate; for an own authority set 'mailCaFile' to its certificate"
}

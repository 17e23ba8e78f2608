internal import Jobs
internal import Model

/// What came of `fairlead mail test`.
struct MailTestReport: Report {
    enum Settings: String, Encodable, CaseIterable, Sendable {
        /// Those of the last deployment.
        case installed
        /// Those of the plan at the branch's tip.
        case plan
        /// Those of the host's owner.
        case owner
    }

    struct Delivery: Encodable, Sendable {
        var recipient: String
        var delivered: Bool
        var answer: String
        var hint: String
    }

    var server: String
    var from: String
    var subject: String
    var settings: Settings
    var deliveries: [Delivery]

    init(_ mail: TestMail, settings: Settings) {
        server = mail.server
        from = mail.from
        subject = mail.subject
        self.settings = settings
        deliveries = mail.deliveries.map {
            Delivery(recipient: $0.recipient, delivered: $0.isDelivered, answer: $0.answer, hint: $0.hint)
        }
    }

    var isDelivered: Bool { deliveries.allSatisfy(\.delivered) }

    func lines(_ style: TextStyle) -> [String] {
        let source = settings == .installed ? "the installed settings" : "the \(settings.rawValue)'s settings"
        return ["'\(subject)' from \(from) through '\(server)', with \(source)".printable]
            + deliveries.flatMap { delivery in
                let word = delivery.delivered ? style.good("taken") : style.bad("not taken")
                return ["  \(delivery.recipient): \(word): \(delivery.answer.printable)"]
                    + (delivery.hint.isEmpty ? [] : ["    -> \(delivery.hint)".printable])
            }
    }
}

import Model
import Testing

@Suite("S11: where the owner of a host is written to")
struct OwnerMailTests {
    private static let good = OwnerMail(to: ["a@b.example"], from: "c@d.example", smtp: "smtps://mail.example.com")

    private static func changed(_ change: (inout OwnerMail) -> Void) -> OwnerMail {
        var mail = good
        change(&mail)
        return mail
    }

    @Test("nothing, a server with addresses, and a login with both halves are good")
    func good() {
        let login = Self.changed { ($0.username, $0.passwordFile) = ("vsn1", "/password") }
        for mail in [OwnerMail(), Self.good, login] { #expect(mail.problems.isEmpty) }
        #expect(!OwnerMail().isConfigured && Self.good.isConfigured)
    }

    @Test(
        "what cannot be mailed with is told by its key",
        arguments: [
            ("smtp", changed { $0.smtp = nil }), ("smtp", changed { $0.smtp = "https://mail.example.com" }),
            ("from", changed { $0.from = nil }), ("from", changed { $0.from = "nobody" }),
            ("to", changed { $0.to = [] }), ("to", changed { $0.to = ["a@b.example", "x\ny@b.example"] }),
            ("passwordFile", changed { $0.username = "vsn1" }), ("username", changed { $0.passwordFile = "/password" }),
            (
                "smtp",
                changed { ($0.username, $0.passwordFile, $0.smtp) = ("vsn1", "/password", "smtp+plain://localhost") }
            ),
        ])
    func mistakes(key: String, mail: OwnerMail) {
        #expect(mail.problems.map(\.key) == [key])
        #expect(mail.problems.allSatisfy { !$0.message.isEmpty && !$0.hint.isEmpty })
    }
}

import Model
import Testing

@Suite("The end of the journal, as a host signs it for mails (issue 11, evidence)")
struct SignedJournalHeadTests {
    private let signed = SignedJournalHead(
        host: "vsn1", head: JournalHead(entry: 412, hash: String(repeating: "0a", count: 32)),
        signature: "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\nAAAA\n-----END SSH SIGNATURE-----\n")

    @Test("it is found in a mail as programs show, quote and indent it, and damage is no head")
    func found() {
        let mail = "Something failed\n\n-- \nFairlead on host vsn1\n\n\(signed.text)\n"
        #expect(SignedJournalHead(in: mail) == signed)
        #expect(SignedJournalHead(in: mail.replacing("\n", with: "\r\n")) == signed)
        #expect(SignedJournalHead(in: mail.replacing("\n", with: " \n> > ")) == signed)
        #expect(SignedJournalHead(in: mail.replacing("\n", with: "\n    ")) == signed)
        for (old, new) in [
            ("412:0a", "x412:0a"), ("412:0a", "412:"), ("host: ", "hosts: "), ("BEGIN FAIRLEAD", "BEGIN A"),
            ("BEGIN SSH", "BEGIN PGP"),
        ] { #expect(SignedJournalHead(in: mail.replacing(old, with: new)) == nil, "\(old)") }
        #expect(signed.statement == "host: vsn1\nhead: 412:\(String(repeating: "0a", count: 32))\n")
    }
}

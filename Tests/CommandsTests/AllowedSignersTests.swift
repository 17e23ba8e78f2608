import Model
import Processes
import TestSupport
import Testing

@Suite("T2: lines of a list of signers that count for nothing are found")
struct AllowedSignersTests {
    struct Case: Sendable {
        let line: String
        var reason: String?
    }

    /// `KEY` stands for the key that signed.
    private static let cases = [
        Case(line: "ada@x KEY"), Case(line: "  ada@x\tKEY Ada's"), Case(line: #"ada@x namespaces="git" KEY"#),
        Case(line: #"ada@x namespaces="git, file",valid-after="20260101",valid-before="203001011200Z" KEY"#),
        Case(line: #""ada@x,a@x" cert-authority,namespaces="git" KEY"#),
        Case(line: "ada@x ssh-rsa KEY", reason: "its key is cut off or damaged"),
        Case(line: "ada@x", reason: "it has no public key"),
        Case(line: "ada@x garbage", reason: "it has no public key"),
        Case(line: "KEY", reason: "it has no public key"),
        Case(line: "ada@x ssh-ed25519", reason: "there is no key behind 'ssh-ed25519'"),
        Case(line: "ada@x ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKxY", reason: "its key is cut off or damaged"),
        Case(line: "ada@x nonsense KEY", reason: "it has an option that there is not"),
        Case(line: "ada@x namespaces=git KEY", reason: "its 'namespaces' is not in quotes"),
        Case(line: #"ada@x valid-after="2026" KEY"#, reason: "its 'valid-after' is no time such as '20270101'"),
        Case(
            line: #"ada@x valid-after="20270101",valid-before="20260101" KEY"#,
            reason: "its 'valid-before' is not after its 'valid-after'"),
        Case(line: #""ada@x KEY"#, reason: "a quote in it is not closed"),
        Case(line: #"ada@x namespaces="git KEY"#, reason: "a quote in it is not closed"),
    ]

    @Test("those, and no others, that ssh-keygen itself complains of", arguments: cases)
    func lines(given: Case) async throws {
        let key = try SSHTestKey()
        let line = given.line.replacing("KEY", with: key.line)
        let faults = AllowedSigners("# ours\n\n\(line)\n").faults.map { "\($0.line): \($0.reason)" }
        #expect(faults == given.reason.map { ["3: \($0)"] } ?? [])

        // With another signer: ssh-keygen reads no further than the line that fits.
        let scratch = try Scratch()
        let list = try scratch.write("# ours\n\(line)\n", to: "signers")
        let signature = try scratch.write(try SSHTestKey().signature(of: "text", namespace: "git"), to: "signature")
        let asked = try await Command(
            "/usr/bin/ssh-keygen", ["-Y", "find-principals", "-f", list, "-s", signature]
        ).runToEnd()
        #expect(asked.errorTail.contains("signers:2: ") == (given.reason != nil), "\(asked.errorTail)")
    }

    @Test("a line of several names, a pattern or an authority does not say who one person is")
    func crowds() {
        let key = "ssh-ed25519 AAAA"
        let list = [
            "ada@x \(key)", "ada@x,a@x \(key)", "*@x \(key)", "a@x,!b@x \(key)", "grace@x CERT-authority \(key)",
        ]
        let reasons = AllowedSigners(list.joined(separator: "\n")).crowds.map { "\($0.line): \($0.reason.prefix(9))" }
        #expect(reasons == ["2: its names", "3: it has a ", "4: it has a ", "5: it is a c"])
    }
}

import Foundation
import Model
import TestSupport
import Testing

@Suite("T2: a file of revoked keys that ssh-keygen cannot understand is found")
struct RevokedKeysTests {
    private let scratch: Scratch
    private let ada: SSHTestKey
    /// A stranger's.
    private let eve: SSHTestKey

    init() throws {
        scratch = try Scratch()
        ada = try SSHTestKey()
        eve = try SSHTestKey()
    }

    /// Whether ssh-keygen, too, takes `file` for one that revokes nothing of Ada's.
    private func verifies(_ file: String) throws -> Bool {
        let list = try scratch.write("ada \(ada.line)\n", to: "signers")
        let signature = try scratch.write(try ada.signature(of: "text", namespace: "git"), to: "signature")
        let words = ["-Y", "verify", "-f", list, "-I", "ada", "-n", "git", "-s", signature, "-r", file]
        return (try? TestProgram("ssh-keygen", words, input: "text").run()) != nil
    }

    private func faults(_ content: [UInt8]) -> [String] {
        RevokedKeys(content).faults.map { "\($0.line.map(String.init) ?? "file"): \($0.reason)" }
    }

    @Test("those, and no others, with which it takes every key for a revoked one; each has its line and reason")
    func lines() throws {
        for (line, reason) in [
            ("\(eve.line)", nil), ("  \(eve.line) eve@example.com", nil), ("", nil), ("# \(eve.fingerprint)", nil),
            (
                "eve@example.com \(eve.line)",
                "it has more before the key, as a line of allowed signers has: only the key"
            ),
            (#"eve namespaces="git" \#(eve.line)"#, "it has more before the key, as a line of allowed signers has"),
            (eve.fingerprint, "it is a fingerprint, where the public key itself has to stand"),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", "it begins a key of another form"),
            ("garbage", "it has no public key"), (String(eve.line.dropLast(20)), "its key is cut off or damaged"),
            ("ssh-ed25519", "there is no key behind 'ssh-ed25519'"),
        ] as [(String, String?)] {
            let content = "# stolen\n\n\(line)\n"
            let found = faults(Array(content.utf8))
            #expect(found.count == (reason == nil ? 0 : 1), "\(line): \(found)")
            if let reason { #expect(found.first?.hasPrefix("3: \(reason)") == true, "\(line): \(found)") }
            #expect(try verifies(scratch.write(content, to: "revoked")) == (reason == nil), "\(line)")
        }
    }

    @Test("ends of lines that ssh-keygen does not take for such are told: it would read the first key alone")
    func ends() throws {
        for (end, isFine) in [("\n", true), ("\r\n", true), ("\r", false), ("\u{2028}", false), ("\u{b}", false)] {
            let found = faults(Array([eve.line, ada.line, ""].joined(separator: end).utf8))
            #expect(found.isEmpty == isFine, "\(end.unicodeScalars): \(found)")
            if !isFine {
                #expect(found.first?.hasPrefix("1: it ends lines with something else than line feeds") == true)
            }
        }
    }

    @Test("a KRL is one as long as it is whole")
    func revocationList() throws {
        let file = "\(scratch.path)/krl"
        try TestProgram("ssh-keygen", ["-q", "-k", "-f", file, "\(eve.path).pub"]).run()
        let whole = try Array(Data(contentsOf: URL(filePath: file)))
        #expect(try faults(whole) == [] && verifies(file))
        for length in [8, 40, whole.count - 1] {
            #expect(faults(Array(whole.prefix(length))) == ["file: it is cut off or damaged"])
        }
        try Data(whole.dropLast()).write(to: URL(filePath: file))
        #expect(try !verifies(file))
    }
}

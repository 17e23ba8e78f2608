import Files
import TestSupport
import Testing

@testable import HostSystem

@Suite("Texts of secrets that nobody can read")
struct SecretTextTests {
    @Test("bytes that are no UTF-8 are called so, and marks without end are called marks (issue 11)")
    func encoding() {
        let object = { (text: [UInt8]) in Array(#"{"database": ""#.utf8) + text + Array(#""}"#.utf8) }
        let latin1 = object([UInt8](repeating: 0xFC, count: 100))
        let marks = object(Array(String(repeating: "\u{301}\u{323}", count: 100_000).utf8))
        for (bytes, words) in [
            (latin1, "'secrets.json.age' is not text in UTF-8"),
            (marks, "a text in 'secrets.json.age' has more than 30 marks on one letter"),
        ] {
            let error = #expect(throws: HostError.self) {
                try SecretObject.values(in: bytes, from: "'secrets.json.age'")
            }
            #expect(error?.message == words)
            #expect(error?.hint.hasSuffix("seal it again") == true)
        }
        let umlauts = object(Array(String(repeating: "ü", count: 100).utf8))
        #expect(throws: Never.self) { try SecretObject.values(in: umlauts, from: "'secrets.json.age'") }
    }

    @Test("a line of secrets.recipients with marks without end is refused at once (issue 11)")
    func recipients() throws {
        let scratch = try Scratch()
        let vault = SecretVault(directory: scratch.path, identity: nil)
        let key = "age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq"
        _ = try scratch.write("\(key) # Zoë\n", to: SecretVault.recipientsFile)
        #expect(try vault.recipients().map(\.name) == ["Zoë"])
        let crowd = String(repeating: "\u{301}\u{323}", count: 100_000)
        for line in ["\(key) # a\(crowd)", "ssh-ed25519 a\(crowd)", "a\(crowd)#"] {
            _ = try scratch.write("\(key)\n\(line)\n", to: SecretVault.recipientsFile)
            let error = #expect(throws: HostError.self) { try vault.recipients() }
            #expect(error?.message == "'secrets.recipients' has more than 30 marks on one letter")
        }
    }
}

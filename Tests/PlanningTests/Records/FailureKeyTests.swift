import Foundation
import Model
import Testing

@Suite("What failed is told apart by its kind")
struct FailureKeyTests {
    private static let hex = String(repeating: "a1", count: 20)

    private static func cases() throws -> [(key: FailureKey, text: String)] {
        [
            (.plan("sha256:00ff"), "sha256:00ff"),
            (.commit(try #require(CommitID(hex))), "unresolved \(hex)"),
            (.boot("sha256:00ff"), "boot sha256:00ff"),
            (.repair("sha256:00ff", container: "web"), "repair sha256:00ff web"),
        ]
    }

    @Test("a journal of any version means what it meant: the texts are the same, and are read back as what they are")
    func texts() throws {
        for (key, text) in try Self.cases() {
            #expect(key.text == text)
            #expect(FailureKey(text) == key)
        }
    }

    @Test(
        "a text that no key has is a plan's, and stays as it is: it can be forgotten",
        arguments: [
            "", "boot", "boot ", "boot  x", "boot x y", "repair x", "repair  x y", "unresolved", "unresolved x",
            "unresolved \(hex.uppercased()) ", " boot x", "reboot x",
        ])
    func others(text: String) { #expect(FailureKey(text) == .plan(text)) }

    @Test("what the deployed plan failed at is told from what commits failed at")
    func kinds() throws {
        let keys = try Self.cases().map(\.key)
        #expect(keys.map(\.isOfDeployed) == [false, false, true, true])
        #expect(keys.map(\.isOfBoot) == [false, false, true, false])
        #expect(keys.map(\.repairedContainer) == [nil, nil, nil, "web"])
    }

    @Test("a failure that an older Fairlead remembered is read, and written as it was")
    func records() throws {
        let text = """
            {"attempts":3,"commit":"\(Self.hex)","disposition":"transient","lastAttempt":5,"message":"no route",\
            "nextAttempt":9,"planDigest":"repair sha256:00ff web"}
            """
        let failure = try JSONDecoder().decode(FailedPlan.self, from: Data(text.utf8))
        #expect(failure.key == .repair("sha256:00ff", container: "web"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(failure), as: UTF8.self) == text)
    }
}

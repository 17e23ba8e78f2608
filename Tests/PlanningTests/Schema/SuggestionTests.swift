import Model
import Testing

@Suite("Suggestions")
struct SuggestionTests {
    private static let keys = [
        "image", "ports", "volumes", "environment", "dependsOn", "readOnly", "user", "tmpfs", "web",
    ]

    @Test(
        "a misspelt word leads to the one that was meant",
        arguments: [
            ("prots", "ports"), ("port", "ports"), ("imgae", "image"), ("volume", "volumes"), ("env", "environment"),
            ("enviroment", "environment"), ("depends_on", "dependsOn"), ("depends-on", "dependsOn"),
            ("readonly", "readOnly"), ("READONLY", "readOnly"), ("imageName", "image"), ("uesr", "user"),
            ("wbe", "web"),
        ])
    func near(word: String, expected: String) {
        #expect(Suggestion.closest(to: word, among: Self.keys) == expected)
    }

    @Test("a word that resembles none leads nowhere", arguments: ["x", "", "restart", "ab", "zzzzz"])
    func far(word: String) {
        #expect(Suggestion.closest(to: word, among: Self.keys) == nil)
    }

    @Test("equally near words give the first in the alphabet, whatever their order")
    func ties() {
        #expect(Suggestion.closest(to: "cat", among: ["hat", "bat"]) == "bat")
        #expect(Suggestion.closest(to: "cat", among: ["bat", "hat"]) == "bat")
    }

    @Test("an endless word costs nothing")
    func endless() {
        #expect(Suggestion.closest(to: String(repeating: "a", count: 1_000_000), among: Self.keys) == nil)
    }
}

import Model
import TestSupport
import Testing

@Suite("T2: what a heartbeat says")
struct HeartbeatTests {
    private static let commit = CommitID(repeating: "1")
    private static let ada = CommitSigner(name: "ada", key: "K")
    private static let text = """
        object \(commit.hex)
        type commit
        tag fairlead-heartbeat/main
        tagger Ada > Author <ada@example.com> 1796083200 +0100

        heartbeat

        """

    @Test("a commit and a time, of the branch that its name says")
    func complete() {
        let expected = Heartbeat(
            commit: Self.commit, time: Timestamp(milliseconds: 1_796_083_200_000), signer: Self.ada)
        #expect(Heartbeat(tag: Self.text, branch: "main", signer: Self.ada) == expected)
        let other = Self.text.replacing("/main", with: "/release/1")
        #expect(Heartbeat(tag: other, branch: "release/1", signer: Self.ada) == expected)
    }

    @Test(
        "a tag that was signed for something else is none",
        arguments: [
            ("heartbeat/main", "heartbeat/other"), ("fairlead-heartbeat/main", "v1.0.0"),
            ("fairlead-heartbeat/main", "override/vsn1/1111111111"), ("type commit", "type tag"),
            ("object 1111", "object 111"), ("1796083200 +0100", "soon"), ("1796083200", "-1796083200"),
            ("1796083200", "9999999999999999999"), ("1796083200", "1099511627776"), ("tagger ", "author "),
            ("tagger ", "tagger Eve <e@x> 1 +0000\ntagger "),
        ])
    func foreign(part: String, replacement: String) {
        let text = Self.text.replacing(part, with: replacement, maxReplacements: 1)
        #expect(text != Self.text)
        #expect(Heartbeat(tag: text, branch: "main", signer: Self.ada) == nil, "\(text)")
    }
}

import Model
import TestSupport
import Testing

@Suite("T2: what a tag that lets a commit pass says")
struct SignedOverrideTests {
    private static let (from, to) = (CommitID(repeating: "1"), CommitID(repeating: "2"))
    private static let boss = CommitSigner(name: "boss", key: "K")
    private static let head = "object \(to.hex)\ntype commit\ntag t\ntagger B <b@c> 1 +0000\n"
    private static let body = """
        Let vsn1 pass

        from: \(from.hex)
        to: \(to.hex)
        host: vsn1
        expires: 2026-12-01T00:00:00Z

        """

    @Test("from, to, host and an end")
    func complete() {
        let expected = SignedOverride(
            from: Self.from, to: Self.to, host: "vsn1", expires: Timestamp(milliseconds: 1_796_083_200_000),
            signer: Self.boss)
        #expect(SignedOverride(tag: Self.head + "\n" + Self.body, signer: Self.boss) == expected)
    }

    @Test("one that lacks something, says it twice, or is on another commit lets nothing pass")
    func incomplete() {
        for text in [
            Self.head, Self.body, Self.head + "\n" + Self.body + "host: vsn2\n",
            Self.head + "\n" + Self.body.replacing("from: ", with: "form: "),
            Self.head + "\n" + Self.body.replacing("expires: ", with: "expires: soon "),
            Self.head.replacing(Self.to.hex, with: Self.from.hex) + "\n" + Self.body,
            Self.head.replacing("type commit", with: "type tag") + "\n" + Self.body,
        ] {
            #expect(SignedOverride(tag: text, signer: Self.boss) == nil, "\(text)")
        }
    }
}

import Model
import Testing

@Suite("Secrets stay out of sight")
struct SecretTests {
    private let secrets = Secrets(["mail": "hunter22", "long": "hunter22-and-more", "pin": "123"])

    @Test("nothing that prints a secret store shows a value")
    func printing() {
        for text in ["\(secrets)", String(describing: secrets), String(reflecting: secrets), "\([secrets])"] {
            #expect(!text.contains("hunter22") && !text.contains("123"), "\(text)")
        }
        var dumped = ""
        dump(secrets, to: &dumped)
        #expect(!dumped.contains("hunter22"))
    }

    @Test("values are taken out of foreign texts, the longest first; what is too short to be telling stays")
    func redaction() {
        #expect(
            secrets.redacting("login hunter22-and-more, hunter22, 123")
                == "login [secret long], [secret mail], 123")
    }

    @Test(
        "what is told of a foreign text is cut, without half a value at the cut, however many marks it has (issue 11)",
        arguments: ["a", "a\u{301}", "a\u{301}\u{323}"])
    func telling(letter: String) {
        let said = String(repeating: letter, count: 100_000) + " end"
        let told = secrets.telling(said)
        #expect(told.hasSuffix("…") && told.unicodeScalars.count == (16 << 10) + 1)
        for length in 0..<8 {
            let before = String(repeating: "x", count: (16 << 10) - length)
            #expect(!secrets.telling(before + "hunter22" + said).contains("hu"), "\(length)")
        }
        let crowd = "denied: a" + String(repeating: "\u{301}", count: 300_000) + " hunter22"
        let short = secrets.telling(crowd)
        #expect(short.utf8.count < 100 && short.hasSuffix("… [secret mail]"), "\(short)")
        #expect(secrets.telling("manifest unknown") == "manifest unknown")
    }

    @Test("a text has a value only when every secret is there")
    func values() {
        let text = SecretText(source: "a ${secret:mail} $${secret:mail} ${secret:pin}")
        #expect(text.references == ["mail", "pin"])
        #expect(text.value(with: secrets) == "a hunter22 ${secret:mail} 123")
        #expect(text.value(with: Secrets(["mail": "x"])) == nil)
        #expect(SecretText(source: "${version} $x").value(with: Secrets()) == "${version} $x")
    }

    @Test("a value that looks like a reference is not replaced again")
    func nested() {
        let text = SecretText(source: "${secret:a}")
        #expect(text.value(with: Secrets(["a": "${secret:b}", "b": "no"])) == "${secret:b}")
    }
}

import Planning
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

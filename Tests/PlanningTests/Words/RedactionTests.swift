import Foundation
import Model
import Testing

@Suite("A secret is taken out in the forms in which others repeat it")
struct RedactionTests {
    /// With what has to be escaped somewhere, and both characters in which the alphabets of base64 differ.
    private static let value = #"hu~nt?er/22 "+>ÿ<&\"#
    private static let key = """
        -----BEGIN OPENSSH PRIVATE KEY-----
        b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ
        short
        AAAAMwAAAAtzc2gtZWQyNTUxOQAAACCanaryLine
        -----END OPENSSH PRIVATE KEY-----

        """
    private let secrets = Secrets(["registry": value, "key": key, "pin": "123", "word": "pass word"])

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
    private static func base64URL(_ text: String) -> String {
        base64(text).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
    private static func hex(_ text: String) -> String { text.utf8.map { String(format: "%02x", $0) }.joined() }
    private static func percent(_ text: String, _ kept: CharacterSet = []) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(kept)) ?? ""
    }
    private static func json(_ text: String) -> String {
        (try? JSONEncoder().encode(["password": text])).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    private static func html(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&#62;")
            .replacing("\"", with: "&#x22;")
    }

    static let forms: [(String, String)] = [
        ("as it is", value),
        ("base64", base64(value)),
        ("a login of one byte before it", "Basic \(base64("a:\(value)"))"),
        ("of two", "Basic \(base64("ab:\(value)"))"),
        ("of three, and more after it", "Basic \(base64("abc:\(value) and more"))"),
        ("base64 for URLs", base64URL("ab:\(value)")),
        ("a header of which the beginning is cut off", String(base64("somebody:\(value)").dropFirst(5))),
        (
            "base64 in lines of 16",
            base64("abc:\(value)").enumerated().map { $0 % 16 == 15 ? "\($1)\r\n" : "\($1)" }.joined()
        ),
        ("base64 in an URL", percent(base64(value))),
        ("base64 in JSON", json(base64(value))),
        ("JSON", json(value)),
        ("JSON in JSON", json(json(value))),
        ("a login in JSON, in base64", base64URL(json(value))),
        ("and that in base64 in JSON", json(base64(json(value)))),
        ("Go's quotes", #""hu~nt?er/22 \"+>\u00ff<&\\""#),
        ("bytes of UTF-8 quoted one by one", #"hu~nt?er\x2f22 \"+>\xc3\xbf<&\\"#),
        ("percent", percent(value)),
        ("percent with fewer", percent(value, ["~", "?", "/", "+", "&"])),
        ("percent in lower case", percent(value).lowercased()),
        ("a form", percent(value).replacing("%20", with: "+")),
        ("HTML", html(value)),
        ("hex", hex(value)),
        ("hex in upper case, odd before it", "f\(hex(value).uppercased())"),
    ]

    @Test("each form is found", arguments: forms)
    func form(name: String, text: String) {
        let shown = secrets.redacting("the server said \(text), and no more")
        #expect(shown.contains("[secret registry]"), "\(name): \(shown)")
        for rest in [Self.value, String(Self.base64(Self.value).prefix(8)), "nt?er", "nter"] where name != "as it is" {
            #expect(!shown.contains(rest), "\(name): \(shown)")
        }
        #expect(shown.hasPrefix("the server said "), "\(name): \(shown)")
        #expect(shown.hasSuffix(", and no more"), "\(name): \(shown)")
    }

    @Test("what stands around it stays readable")
    func around() {
        let login = Self.base64("vsn1:\(Self.value)")
        #expect(
            secrets.redacting("403 Forbidden: Authorization: Basic \(login) is of nobody")
                == "403 Forbidden: Authorization: Basic dnNuMT[secret registry] is of nobody")
        let plain =
            "cannot pull 'registry.example/acme/web@sha256:\(String(repeating: "0a", count: 32))': 100 % & \\n <b>"
        #expect(secrets.redacting(plain) == plain)
    }

    @Test("each line of a key is found, in any form; its first and last line are no secret, nor are short ones")
    func lines() {
        let line = "AAAAMwAAAAtzc2gtZWQyNTUxOQAAACCanaryLine"
        #expect(secrets.redacting("bad line \(line) of 'short'") == "bad line [secret key] of 'short'")
        #expect(secrets.redacting("bad line \(Self.base64(line))!") == "bad line [secret key]!")
        #expect(secrets.redacting("no -----BEGIN OPENSSH PRIVATE KEY-----").hasSuffix("PRIVATE KEY-----"))
        #expect(secrets.redacting("<\(Self.key)>") == "<[secret key]>")
        #expect(secrets.redacting(Self.key.replacing("\n", with: "\r\n")).contains("canary") == false)
    }

    @Test("nothing stays of values that overlap")
    func overlap() {
        let secrets = Secrets(["a": "abcdef", "b": "defghijk", "c": "jklm\n"])
        #expect(secrets.redacting("<abcdefghijklm>") == "<[secret b]>")
        #expect(secrets.redacting("abcdefabcdef") == "[secret a][secret a]")
    }

    @Test("a text made to be read in many ways costs a bounded time")
    func bounds() {
        let hostile = String(repeating: "%255c%26amp;%2525+/AAAA\\\\u0025", count: 300)
        #expect(secrets.redacting(hostile).utf8.count == hostile.utf8.count)
        #expect(secrets.redacting("") == "" && secrets.redacting("%") == "%" && secrets.redacting("\\u12") == "\\u12")
    }
}

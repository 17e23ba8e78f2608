import Foundation
import Model
import TestSupport
import Testing

@Suite("the web proxy")
struct WebProxyTests {
    @Test(
        "what is asked of a host goes through the proxy unless an exception fits",
        arguments: [
            ("example.com", "example.com", 443, false), ("example.com", "git.example.com", 443, false),
            ("example.com", "EXAMPLE.com", 443, false), ("example.com", "notexample.com", 443, true),
            ("example.com", "example.com.evil.net", 443, true),
            (".example.com", "example.com", 443, true), (".example.com", "git.example.com", 443, false),
            ("example.com:8443", "example.com", 8443, false), ("example.com:8443", "example.com", 443, true),
            ("10.0.0.0/8", "10.1.2.3", 443, false), ("10.0.0.0/8", "11.1.2.3", 443, true),
            // A name is not resolved, whatever it looks like.
            ("10.0.0.0/8", "10.example.com", 443, true),
            ("192.0.2.7", "192.0.2.7", 80, false), ("192.0.2.7", "192.0.2.8", 80, true),
            ("192.0.2.7:80", "192.0.2.7", 80, false), ("192.0.2.7:80", "192.0.2.7", 443, true),
            ("2001:db8::/32", "2001:db8:1::7", 443, false), ("[2001:db8::7]:443", "2001:db8::7", 443, false),
            ("2001:db8::7", "2001:db8:0::7", 443, false), ("2001:db8::7", "2001:db8::8", 443, true),
            // This host itself needs no entry.
            ("x", "localhost", 443, false), ("x", "127.0.0.1", 443, false), ("x", "127.9.9.9", 443, false),
            ("x", "::1", 443, false), ("x", "::2", 443, true),
        ])
    func exceptions(entry: String, host: String, port: Int, isServed: Bool) throws {
        let proxy = try WebProxy(
            url: "http://proxy:3128", exceptions: try #require(ProxyExceptions([entry])))
        #expect(proxy.serves(host, port: port) == isServed)
    }

    @Test(
        "an exception of another form is none",
        arguments: ["", "*", "*.example.com", "a,b", "a b", "http://a", "10.0.0.0/33", "a:0", "a:99999", ".", "[x]"])
    func badException(entry: String) {
        #expect(ProxyExceptions([entry]) == nil)
    }

    @Test(
        "only http://HOST:PORT is a proxy, and an error does not repeat the url",
        arguments: [
            "http://user:canary@proxy:3128", "https://proxy:3128", "socks5://proxy:1080", "http://proxy",
            "http://proxy:0", "http://proxy:70000", "proxy:3128", "http://proxy:3128/path", "",
        ])
    func badURL(url: String) {
        let failure = #expect(throws: ProxyFailure.self) { try WebProxy(url: url) }
        #expect(failure?.message == "the web proxy's url is not of the form 'http://HOST:PORT'")
        #expect("\(failure as Any)".contains("canary") == false)
    }

    @Test("programs get user, password and exceptions by their environment, escaped for a url")
    func environment() throws {
        let scratch = try Scratch()
        let file = try scratch.write("p@ss:w/rd%1 é\n", to: "password")
        #expect(chmod(file, 0o600) == 0)
        let proxy = try WebProxy(
            url: "http://[2001:db8::1]:3128/", username: "vsn@acme", passwordFile: file,
            exceptions: try #require(ProxyExceptions([".example.com", "10.0.0.0/8"])))
        let environment = try proxy.environment()
        let url = "http://vsn%40acme:p%40ss%3Aw%2Frd%251%20%C3%A9@[2001:db8::1]:3128"
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"] { #expect(environment[name] == url) }
        for name in ["NO_PROXY", "no_proxy"] { #expect(environment[name] == ".example.com,10.0.0.0/8") }
        #expect(environment.count == 6)
        #expect(try WebProxy(url: "http://proxy:3128").environment()["HTTPS_PROXY"] == "http://proxy:3128")
    }

    @Test("a password that others can read, an empty one and a missing one are refused, and none is ever printed")
    func passwordFile() throws {
        let scratch = try Scratch()
        let open = try scratch.write("canary", to: "open")
        #expect(chmod(open, 0o640) == 0)
        for (file, word) in [
            (open, "others can read it"), (try scratch.write("\n", to: "empty"), "is empty"),
            ("/nonexistent", "No such"),
        ] {
            if file != open { _ = chmod(file, 0o600) }
            let proxy = try WebProxy(url: "http://proxy:3128", username: "a", passwordFile: file)
            let failure = #expect(throws: ProxyFailure.self) { try proxy.login() }
            #expect(failure?.message.contains(word) == true)
            #expect(failure?.message.contains(file) == true)
        }
        #expect(chmod(open, 0o600) == 0)
        let login = try WebProxy(url: "http://proxy:3128", username: "a", passwordFile: open).login()
        #expect(login?.password == "canary")
        var text = ""
        dump(login, to: &text)
        #expect(!"\(login as Any) \(String(reflecting: login)) \(text)".contains("canary"))
    }
}

import Foundation
import Model
import Testing

@Suite("Words of a plan are parsed once, at the edge")
struct WordsTests {
    @Test(
        "sizes",
        arguments: [
            ("512MiB", 512 << 20, "512MiB"), ("1024MiB", 1 << 30, "1GiB"), ("500MB", 500_000_000, "500000000B"),
            ("1048576B", 1 << 20, "1MiB"), ("0B", 0, "0B"), ("1kB", 1000, "1000B"), ("3TiB", 3 << 40, "3TiB"),
        ])
    func sizes(text: String, bytes: Int64, written: String) {
        #expect(ByteCount(text)?.bytes == bytes)
        #expect(ByteCount(text)?.description == written)
        #expect(ByteCount(text).flatMap { ByteCount($0.description) } == ByteCount(text))
    }

    @Test(
        "no sizes",
        arguments: ["", "MiB", "512", "512 MiB", "-1MiB", "+1MiB", "1.5GiB", "512mib", "9223372036854775807KiB"])
    func noSizes(_ text: String) { #expect(ByteCount(text) == nil) }

    @Test(
        "a size is rounded for people",
        arguments: [(13_400_000, "12.7 MiB"), (1 << 30, "1 GiB"), (0, "0 B"), (7, "7 B")])
    func rounded(bytes: Int64, text: String) { #expect(ByteCount(bytes: bytes).rounded == text) }

    @Test(
        "durations",
        arguments: [
            ("500ms", 500, "500ms"), ("30s", 30_000, "30s"), ("90s", 90_000, "90s"), ("60s", 60_000, "1m"),
            ("24h", 86_400_000, "1d"), ("0s", 0, "0s"), ("14d", 1_209_600_000, "14d"),
        ])
    func durations(text: String, milliseconds: Int64, written: String) {
        #expect(PlanDuration(text)?.milliseconds == milliseconds)
        #expect(PlanDuration(text)?.description == written)
    }

    @Test("no durations", arguments: ["", "s", "30", "-1s", "+1s", "1.5h", "1 h", "1w", "9223372036854775807d"])
    func noDurations(_ text: String) { #expect(PlanDuration(text) == nil) }

    @Test(
        "image references keep their parts",
        arguments: [
            ("registry.example.com/acme/web:1.0.0", "registry.example.com", "acme/web", "1.0.0", nil),
            ("localhost/web", "localhost", "web", nil, nil),
            ("host:5000/a/b-c_d.e", "host:5000", "a/b-c_d.e", nil, nil),
            ("[::1]:5000/a:1", "[::1]:5000", "a", "1", nil),
            (
                "docker.io/library/nginx:1.27@sha256:\(FullState.digest)", "docker.io", "library/nginx", "1.27",
                "sha256:\(FullState.digest)"
            ),
        ] as [(String, String, String, String?, String?)])
    func images(text: String, registry: String, repository: String, tag: String?, digest: String?) throws {
        let image = try #require(ImageReference(text))
        #expect(image.registry == registry && image.repository == repository)
        #expect(image.tag == tag && image.digest == digest)
        #expect(image.description == text)
    }

    @Test(
        "no image references",
        arguments: [
            "", "web", "nginx:1.27", "acme/web:1", "registry.example.com/", "registry.example.com/Web",
            "registry.example.com/web:", "registry.example.com/web:1:2", "registry.example.com/a//b",
            "registry.example.com/web@sha256:abc", "registry.example.com/web:1 ", "-x.com/web",
            "registry.example.com/-web",
            "registry.example.com/web:.1", "https://registry.example.com/web:1",
        ])
    func noImages(_ text: String) { #expect(ImageReference(text) == nil) }

    @Test(
        "port mappings",
        arguments: ["443:8443", "127.0.0.1:8080:80", "[::1]:53:53/udp", "9:9/sctp", "65535:1"])
    func ports(_ text: String) { #expect(PortMapping(text)?.description == text) }

    @Test("tcp is not written", arguments: [("80:80/tcp", "80:80")])
    func tcp(text: String, written: String) { #expect(PortMapping(text)?.description == written) }

    @Test(
        "no port mappings",
        arguments: ["", "80", "0:80", "80:0", "65536:80", "80:80/icmp", "::1:80:80", "80:80:", "host:80:80", "-1:80"])
    func noPorts(_ text: String) { #expect(PortMapping(text) == nil) }

    @Test(
        "two ports clash when both want one port of one address",
        arguments: [
            ("80:1", "80:2", true), ("80:1", "127.0.0.1:80:2", true), ("127.0.0.1:80:1", "127.0.0.1:80:2", true),
            ("127.0.0.1:80:1", "127.0.0.2:80:1", false), ("80:1", "80:1/udp", false), ("80:1", "81:1", false),
            ("0.0.0.0:80:1", "127.0.0.1:80:1", true), ("[::]:80:1", "[::1]:80:1", true),
            ("[::]:80:1", "127.0.0.1:80:1", true), ("0.0.0.0:80:1", "[::1]:80:1", false),
            ("[::1]:80:1", "[0:0:0:0:0:0:0:1]:80:1", true),
        ])
    func clashes(left: String, right: String, clash: Bool) throws {
        let (left, right) = (try #require(PortMapping(left)), try #require(PortMapping(right)))
        #expect(left.clashes(with: right) == clash && right.clashes(with: left) == clash)
    }

    @Test(
        "port 53 of all addresses takes that of the engine's name server too",
        arguments: [
            ("53:5353/udp", true), ("53:53", true), ("0.0.0.0:53:53/udp", true), ("[::]:53:53", true),
            ("192.0.2.7:53:53/udp", false), ("[fd00::1]:53:53", false), ("5353:53", false), ("53:53/sctp", false),
        ])
    func nameServers(text: String, every: Bool) throws {
        #expect(try #require(PortMapping(text)).isEveryNameServer == every)
    }

    @Test("commit ids have 40 or 64 digits", arguments: [(40, true), (64, true), (39, false), (41, false), (0, false)])
    func commits(count: Int, valid: Bool) {
        let text = String(repeating: "aB", count: 32).prefix(count)
        #expect((CommitID(String(text)) != nil) == valid)
        #expect(CommitID(String(text))?.hex == (valid ? text.lowercased() : nil))
        for stranger in ["g", "\u{FF11}"] { #expect(CommitID(String(repeating: stranger, count: 40)) == nil) }
    }

    @Test("owners are two numbers, modes three or four octal digits")
    func attributes() {
        #expect(FileOwner("999:0")?.description == "999:0" && FileMode("700")?.description == "0700")
        #expect(FileMode("4755")?.bits == 0o4755)
        for text in ["", "999", "a:b", "1:2:3", "-1:0", "+1:0", "4294967296:0"] {
            #expect(FileOwner(text) == nil, "\(text)")
        }
        for text in ["", "77", "0800", "00700", "-700", "+700", "0o70"] { #expect(FileMode(text) == nil, "\(text)") }
    }

    @Test("a written value that does not parse is named with its form")
    func decoding() {
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([PlanDuration].self, from: Data(#"["soon"]"#.utf8))
        }
        #expect("\(error.debugDescription)".contains("'soon' is not a duration such as '30s'"))
    }
}

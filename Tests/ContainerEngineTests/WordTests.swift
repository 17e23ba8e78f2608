import FoundationEssentials
import Model
import Testing

@testable import ContainerEngine

@Suite("Words of the engine's API")
struct WordTests {
    @Test("a log's frames become text, also when the stream breaks off or has no frames")
    func frames() {
        func text(_ bytes: [UInt8]) -> String { MultiplexedOutput(bytes).text(last: 100) }
        #expect(text([]) == "")
        #expect(
            text([1, 0, 0, 0, 0, 0, 0, 3] + Array("hi\n".utf8) + [2, 0, 0, 0, 0, 0, 0, 2] + Array("no".utf8))
                == "hi\nno")
        #expect(text([1, 0, 0, 0, 0, 0, 0, 9] + Array("half".utf8)) == "half")
        #expect(text([1, 0, 0, 0, 255, 255, 255, 255] + Array("x".utf8)) == "x")
        #expect(text(Array("plain text\n".utf8)) == "plain text")
        #expect(MultiplexedOutput(Array("0123456789".utf8)).text(last: 4) == "6789")
    }

    @Test(
        "a label of an image that is named by marks without end costs no more time than another one (issue 11)",
        arguments: ["\u{301}\u{323}", #"\u0301\u0323"#, #"\ud834\udd65"#])
    func crowds(marks: String) throws {
        let name = { (count: Int) in "a" + String(repeating: marks, count: count) + "z" }
        let label = { (name: String) in Array(#"{"Labels": {"\#(name)": "\\u0301 Grüße"}}"#.utf8) }
        let kept = 30 / (marks.hasPrefix(#"\ud"#) ? 1 : 2)
        #expect(label(name(20_000)).withoutCrowds == label(name(kept)))
        #expect(label(name(kept)).withoutCrowds == label(name(kept)))
        let russian = Array((#"{"a": ""# + String(repeating: #"\u0436ж\n"#, count: 100) + #""}"#).utf8)
        #expect(russian.withoutCrowds == russian)
    }

    @Test(
        "the end of a container's last run is known where the engine saw it",
        arguments: [
            ("exited", "2026-11-30T02:14:20.123456789+02:00", "2026-11-30T03:14:20.9+03:00", 1_795_997_660_900),
            ("exited", "2026-11-30T02:14:20Z", "2026-11-30T02:14:20Z", 1_796_004_860_000),
            // It is of the run before, or there was none: a power cut, or a container that was never started.
            ("exited", "2026-11-30T02:14:20Z", "2026-11-29T02:14:20Z", nil),
            ("exited", "2026-11-30T02:14:20Z", "0001-01-01T00:00:00Z", nil),
            ("running", "2026-11-30T02:14:20Z", "2026-11-30T02:14:21Z", nil), ("exited", "yesterday", "today", nil),
        ] as [(String, String, String, Int64?)])
    func ends(state: String, started: String, finished: String, expected: Int64?) throws {
        let answer = """
            {"Id": "1", "Name": "web", "Image": "2",
             "State": {"Status": "\(state)", "StartedAt": "\(started)", "FinishedAt": "\(finished)"}}
            """
        let container = try JSONDecoder().decode(InspectedContainer.self, from: Data(answer.utf8))
        #expect(container.status.finished?.milliseconds == expected)
    }

    @Test(
        "what podman says becomes a disposition and something to do",
        arguments: [
            (
                "initializing source docker://r/x:1: reading manifest 1 in r/x: manifest unknown", "push the image",
                Disposition.transient
            ),
            ("unauthorized: authentication required", "registries", .permanent),
            ("no connection in time", "network", .transient),
            ("dial tcp 10.0.0.1:443: i/o timeout", "network", .transient),
            ("lookup registry.example.com: no such host", "network", .transient),
            ("received unexpected HTTP status: 503 Service Unavailable", "network", .transient),
            ("tls: failed to verify certificate: x509: certificate signed by unknown authority", "CA", .permanent),
            ("writing blob: write /var/tmp/x: no space left on device", "free space", .transient),
            ("listen tcp4 0.0.0.0:80: bind: address already in use", "ss -ltnp", .permanent),
            ("runtime error: invalid memory address or nil pointer dereference", "fault of the engine", .transient),
            ("netavark: create bridge: Netlink error: Operation not supported", "host's network", .transient),
            // Another one went while it looked at all of them.
            ("route ip+net: no such network interface", "host's network", .transient),
            ("requested ip address 10.89.7.9 is already allocated to container ID 12ab", "podman ps", .transient),
            (
                "failed to create endpoint web on network acme: Address already in use", "host's network", .transient
            ),
            (
                "container 12ab does not exist in database: no such container", "somebody removed it", .transient
            ),
            ("unable to find network with name or ID acme: network not found", "somebody removed it", .transient),
            ("timed out waiting for file /run/exits/acme-web: internal libpod error", "conmon", .transient),
            ("something else", "", .permanent),
        ])
    func kinds(said: String, hint: String, disposition: Disposition) {
        let error = EngineError(status: 500, said: said, "pull 'r/x:1'")
        #expect(error.message.hasPrefix("cannot pull 'r/x:1': "))
        #expect(!error.message.contains("initializing source"))
        #expect(hint.isEmpty ? error.hint.isEmpty : error.hint.contains(hint))
        #expect(error.disposition == disposition)
    }

    @Test("a refused address and who has it are known from what podman says")
    func heldAddress() {
        let said = "IPAM error: requested ip address fd00:89::7 is already allocated to container ID 1c747a0255829dd6"
        let error = EngineError(status: 500, said: said, "start container 'acme-web'")
        #expect(error.heldAddress == HeldAddress(address: "fd00:89::7", holder: "1c747a0255829dd6"))
        #expect(EngineError(status: 500, said: "IPAM error: bucket", "start 'x'").heldAddress == nil)
    }

    @Test(
        "what a registry says may pass, whatever it is, unless it names the plan's own fault",
        arguments: [
            ("invalid status code from registry 403 (Forbidden)", "what answers", Disposition.transient),
            ("invalid status code from registry 404 (Not Found)", "what answers", .transient),
            ("received unexpected HTTP status: 500 Internal Server Error", "network", .transient),
            (
                "error parsing HTTP 403 response body: invalid character '<': \"<html>Access denied\"", "no registry",
                .transient
            ),
            ("toomanyrequests: You have reached your pull rate limit", "network", .transient),
            (
                "tls: failed to verify certificate: x509: certificate has expired or is not yet valid", "clock",
                .transient
            ),
            ("x509: certificate signed by unknown authority", "CA", .transient),
            ("http: server gave HTTP response to HTTPS client", "registries.conf", .transient),
            ("lookup registry.example.com: no such host", "network", .transient),
            ("dial tcp: connect: no route to host", "network", .transient),
            ("reading manifest 1 in r/x: manifest unknown", "push the image", .transient),
            ("no image found in image index for architecture arm64", "processor", .transient),
            ("something that nobody has seen yet", "what answers", .transient),
            ("unauthorized: authentication required", "registries", .permanent),
            ("invalid reference format", "plan.json", .permanent),
        ])
    func registries(said: String, hint: String, disposition: Disposition) {
        let error = EngineError(status: 500, said: said, "pull 'r/x:1'").ofRegistry
        #expect(error.message == "cannot pull 'r/x:1': \(said)")
        #expect(error.hint.contains(hint), "\(error.hint)")
        #expect(error.disposition == disposition)
    }

    @Test("a path and a query cannot be broken out of")
    func encoding() {
        #expect(Route.encoded("a/b?c&d=é \"") == "a%2Fb%3Fc%26d%3D%C3%A9%20%22")
        #expect(Route.filters("label", "a=\"b\"") == #"{"label":["a=\"b\""]}"#)
    }

    @Test("an archive's URL is a file, https or ssh, and is shown without logins")
    func sources() throws {
        let ssh = try #require(SSHLocation("ssh://me@host.example.com:2222/srv/it's.tar"))
        #expect(ssh.user == "me" && ssh.port == 2222)
        #expect(ssh.command == #"cat -- '/srv/it'\''s.tar'"#)
        #expect(ssh.shown == "ssh://host.example.com:2222/srv/it's.tar")
        #expect(SSHLocation("ssh://host:99999/x") == nil)
        #expect(SSHLocation("ssh://host/") == nil)
        #expect(try ArchiveSource("https://u:p@h/x?t=1").shown == "https://h/x")
        #expect(try ArchiveSource("file:///x").shown == "file:///x")
    }

    @Test("the engine's states become ours")
    func states() {
        let words = ["created", "initialized", "running", "stopped", "exited", "paused", "removing", "stopping", "new"]
        let states: [ContainerStatus.State] = [
            .created, .created, .running, .exited, .exited, .paused, .stopping, .stopping, .unknown,
        ]
        #expect(words.map(ContainerStatus.State.init(engine:)) == states)
    }
}

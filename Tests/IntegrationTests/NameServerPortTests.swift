import Planning
import Processes
import TestSupport
import Testing

@Suite("Port 53 of all addresses", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct NameServerPortTests {
    @Test("can be published also by a stack that runs already, and its containers find each other all the same")
    func published() async throws {
        try await VSN.with { vsn in
            // Name servers of other tests wait on port 53 of this machine's other bridges.
            let place = "fl-\(vsn.sandbox.id)"
            try await ip("netns", "add", place)
            do {
                try await ip("-netns", place, "link", "set", "lo", "up")
                try await publish(vsn, in: place)
            } catch {
                try? await ip("netns", "delete", place)
                throw error
            }
            try await ip("netns", "delete", place)
        }
    }

    private func publish(_ vsn: VSN, in place: String) async throws {
        for ports in ["", #""53:5353/udp", "53:8080""#] {
            try vsn.repo.write("plan.json", try await plan(vsn, ports))
            try vsn.repo.write("hosts/test.json", "{}")
            try vsn.repo.commit("Publish [\(ports)]")
            let result = try await fairlead("reconcile", vsn, place)
            #expect(result.status == 0, "\(ports): \(result.text)\(result.errorTail)")
        }
        let holders = try await Command(
            "/usr/bin/nsenter", ["--net=/run/netns/\(place)", "ss", "-lnu", "sport", "=", ":53"]
        ).run().text
        #expect(holders.contains("0.0.0.0:53"), "\(holders)")
        #expect(try await fairlead("teardown", vsn, place, "--yes").status == 0)
    }

    /// `dns` is healthy when it reaches `web` by its name.
    private func plan(_ vsn: VSN, _ ports: String) async throws -> String {
        let archive = "\(vsn.scratch.path)/web.tar"
        try await PodmanTestImage("1.0.0").writeArchive(to: archive, names: ["localhost/web:1"])
        let sum = try await Command("/usr/bin/sha256sum", [archive]).run().text.prefix(64)
        let image = #"{"archive": "file://\#(archive)", "sha256": "\#(sum)"}"#
        return """
            {"schemaVersion": 1, "stack": "\(vsn.stack)", "version": "1.0.0", "containers": {
              "web": {"image": \(image), "health": {"tcp": 8080, "interval": "1s", "retries": 60}},
              "dns": {"image": \(image), "dependsOn": ["web"], "ports": [\(ports)],
                "health": {"command": ["/bin/wget", "-q", "-O", "/dev/null", "http://web:8080/version"],
                  "interval": "1s", "timeout": "5s", "retries": 60}}}}
            """
    }

    private func fairlead(
        _ verb: String, _ vsn: VSN, _ place: String, _ options: String...
    ) async throws -> CommandResult {
        let words = [FairleadBinary.path, verb, "--config", vsn.configuration] + options
        return try await Command(
            "/usr/bin/nsenter", ["--net=/run/netns/\(place)"] + words, environment: vsn.environment,
            deadline: .seconds(120)
        ).runToEnd()
    }

    private func ip(_ arguments: String...) async throws { _ = try await Command("/usr/sbin/ip", arguments).run() }
}
